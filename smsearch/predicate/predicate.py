"""The predicate: a request's conditions, resolved and typed.

One predicate has several evaluators (record by record, over columns, on a cluster) that must agree. A `Match`
asks a test of one property; it holds when any of the property's values passes, and never when the property is
absent. So a negative operator is the `Not` of its positive one (row F8). The tree says what is meant and
nothing of how it was written, why the rules are so, or how it will be evaluated.
"""

from __future__ import annotations

import operator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from smsearch.schema.property import ListProperty, Property
    from smsearch.syntax.pattern import Pieces


class Relation(StrEnum):
    """How a value compares to the operand; the value stands on the left."""

    EQ = "="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


COMPARISONS: Final[Mapping[Relation, Callable[[Any, Any], Any]]] = {
    Relation.EQ: operator.eq,
    Relation.LT: operator.lt,
    Relation.LE: operator.le,
    Relation.GT: operator.gt,
    Relation.GE: operator.ge,
}
"""What a relation means, of two numbers or of two columns of an engine."""


class Reading(StrEnum):
    """How a text compares with a number; one that spells no number never does."""

    AS_TEXT = "text"
    """By its spelling alone."""
    AS_NUMBER = "number"
    """As the number that it spells."""
    AS_INTEGER = "integer"
    """As the number that it spells, truncated towards zero."""


@frozen
class Present:
    """The value is there (row F5)."""


@frozen
class TextIn:
    """A text equal to one of the items, by code point (rows F8, F11, F12)."""

    items: tuple[str, ...]


@frozen
class TextContains:
    """A text that holds the needle (row F10)."""

    needle: str
    ignores_case: bool = False


@frozen
class TextLike:
    """A text of the form of a pattern (row T2)."""

    pieces: Pieces
    ignores_case: bool = False


@frozen
class NumberIs:
    """A number in relation to the operand, exactly (row F13)."""

    relation: Relation
    operand: Decimal


@frozen
class TimestampIs:
    """A timestamp in relation to the operand, in microseconds since 1970 (row F20)."""

    relation: Relation
    micros: int


@frozen
class BooleanIs:
    """A boolean equal to the operand (row F21)."""

    operand: bool


@frozen
class TextOrNumberIs:
    """A value that may be a number or text, in relation to a number (rows F14, F14b, F18).

    A JSON number compares by value. What a text does is said by `reading`; one that compares as text passes only an EQ
    whose `spelling` it equals.
    """

    relation: Relation
    operand: Decimal
    spelling: str
    reading: Reading


@frozen
class InAccount:
    """An ARN of this account (row R10)."""

    account: str


Test = Present | TextIn | TextContains | TextLike | NumberIs | TimestampIs | BooleanIs | TextOrNumberIs | InAccount


@frozen
class Always:
    """Every record."""


@frozen
class Never:
    """No record."""


@frozen
class Match:
    """Any value of the property passes the test."""

    property: Property
    test: Test


@frozen
class PairMatch:
    """The value of one property is in relation to that of another, both numbers or both times (row T6).

    Attributes:
        left: A property with one value at most.
        relation: How its value compares to the other's.
        right: Another one of the same type.
        micros: Of times, what the difference compares to, in microseconds; 0 compares them themselves.
    """

    left: Property
    relation: Relation
    right: Property
    micros: int = 0


@frozen
class AnyElement:
    """One element of the list satisfies the term, whose properties start at the element (row E5)."""

    container: ListProperty
    term: Predicate


@frozen
class Not:
    """The complement of the term."""

    term: Predicate


@frozen
class And:
    """Every term holds; at least two terms, none of them an And."""

    terms: tuple[Predicate, ...]


@frozen
class Or:
    """Any term holds; at least two terms, none of them an Or."""

    terms: tuple[Predicate, ...]


Predicate = Always | Never | Match | PairMatch | AnyElement | Not | And | Or

ALWAYS = Always()
NEVER = Never()


def all_of(terms: Sequence[Predicate]) -> Predicate:
    """The conjunction, flattened, each term once, with trivial truths folded."""
    if len(terms) == 1:
        return terms[0]
    flat = _flatten(terms, And, ALWAYS)
    if NEVER in flat:
        return NEVER
    return And(tuple(flat)) if len(flat) > 1 else next(iter(flat), ALWAYS)


def any_of(terms: Sequence[Predicate]) -> Predicate:
    """The disjunction, flattened, each term once, with trivial truths folded."""
    if len(terms) == 1:
        return terms[0]
    flat = _flatten(terms, Or, NEVER)
    if ALWAYS in flat:
        return ALWAYS
    return Or(tuple(flat)) if len(flat) > 1 else next(iter(flat), NEVER)


def negation(term: Predicate) -> Predicate:
    """The complement, without a double Not."""
    match term:
        case Always():
            return NEVER
        case Never():
            return ALWAYS
        case Not(inner):
            return inner
        case _:
            return Not(term)


def _flatten(terms: Sequence[Predicate], kind: type[And | Or], neutral: Predicate) -> dict[Predicate, None]:
    """The terms in order, those of the same kind opened up, without doubles and without the neutral one."""
    flat: dict[Predicate, None] = {}
    for term in terms:
        if isinstance(term, kind):
            flat.update(dict.fromkeys(term.terms))
        else:
            flat[term] = None
    flat.pop(neutral, None)
    return flat
