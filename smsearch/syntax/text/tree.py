"""What a text says, word for word, before it is rewritten into what the API can hold.

Built by `build.py` while the parser runs, read by `lower.py`. Each node knows where it stands in the text, so
that a refusal can point at it. It knows no operator's rules and evaluates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsearch.syntax.ast import BooleanOperator, Operator, SortOrder


@dataclass(frozen=True, slots=True)
class Name:
    """A name, its quotes undone."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it was written, its quotes undone."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """`:name`, whose value the caller gives."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Ago:
    """`ago(7d)`: a time before now."""

    span: str
    at: int


Value = Literal | Parameter | Ago


@dataclass(frozen=True, slots=True)
class Comparison:
    """`name = value` and the like, Contains among them."""

    name: Name
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Between:
    """`name BETWEEN low AND high`."""

    name: Name
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Like:
    """`name LIKE pattern`."""

    name: Name
    pattern: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """`name IN (value, ...)`."""

    name: Name
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OneOfList:
    """`name IN 'a,b'` in the API's own notation, or `name IN :list`."""

    name: Name
    values: Value


@dataclass(frozen=True, slots=True)
class Presence:
    """`name EXISTS`."""

    name: Name


@dataclass(frozen=True, slots=True)
class Element:
    """`list[ ... ]`: one element satisfies the condition (row E5)."""

    container: Name
    condition: Condition


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT` before a condition, or inside its operator."""

    condition: Condition
    at: int


@dataclass(frozen=True, slots=True)
class Junction:
    """Two or more conditions under one boolean operator, as they were grouped."""

    operator: BooleanOperator
    terms: tuple[Condition, ...]


Condition = Comparison | Between | Like | OneOf | OneOfList | Presence | Element | Not | Junction


@dataclass(frozen=True, slots=True)
class SortKey:
    """One name of ORDER BY."""

    name: Name
    order: SortOrder


@dataclass(frozen=True, slots=True)
class Limit:
    """LIMIT and its number."""

    value: Literal | Parameter


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole query; a clause that was left out is None or empty."""

    condition: Condition | None = None
    resource: Name | None = None
    columns: tuple[Name, ...] = ()
    sort_keys: tuple[SortKey, ...] = ()
    limit: Limit | None = None
