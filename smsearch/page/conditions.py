"""Conditions that links add: a value of a property, a bin of numbers, a period of time, its absence."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smsearch import limits
from smsearch.facets.wording import text_of
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from smsearch.engine.value_counts import Scalar
    from smsearch.facets.facet import Row
    from smsearch.schema.value_kinds import Kind


def condition_of(name: str, row: Row, kind: Kind) -> str:
    """What the records of a facet's row have: the value, or one from the beginning of a bin to before its end."""
    if row.value is not None:
        return equals(name, row.value, kind)
    bounds = [f"{write_name(name)} >= {bound(row.low, kind)}"] if row.low is not None else []
    bounds += [f"{write_name(name)} < {bound(row.high, kind)}"] if row.high is not None else []
    return " AND ".join(bounds)


def can_be_asked(row: Row, kind: Kind) -> bool:
    """Whether a query can name the value of a row: the API takes no empty and no longer one (row E2)."""
    length = 1 if row.value is None else len(text_of(row.value, kind))
    return 1 <= length <= limits.VALUE_LENGTH_MAX


def equals(name: str, value: Scalar, kind: Kind) -> str:
    """That a property has a value; of a family or a structure, that the name in it is there."""
    if not kind.has_values:
        return f"{write_name(str(value))} EXISTS"
    return f"{write_name(name)} = {write_value(text_of(value, kind))}"


def negated(condition: str, name: str, row: Row, kind: Kind) -> str:
    """What all other records have, those without the property among them (row F8)."""
    if row.value is None:
        return f"NOT ({condition})"
    if not kind.has_values:
        return f"{write_name(str(row.value))} NOT EXISTS"
    return f"{write_name(name)} != {write_value(text_of(row.value, kind))}"


def absent(name: str) -> str:
    """That a record does not have a property."""
    return f"{write_name(name)} NOT EXISTS"


def bound(value: Scalar | None, kind: Kind) -> str:
    """A bound as a query spells it, with a fraction where text may stand.

    The service compares such a property with an integer after it has cut off the fraction of the record's (row F14).
    """
    text = text_of(value if value is not None else Decimal(0), kind)
    if kind.type is ValueType.TEXT_OR_NUMBER and "." not in text and "e" not in text.lower():
        text = f"{text}.0"
    return write_value(text)
