"""The cells of the table: texts, and how far a number goes among the rows that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from smsearch.frames import cell_text
from smsearch.frames.metric_names import is_less_better
from smsearch.frames.table_text import text
from smsearch.frozen import replace
from smsearch.schema import values
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind

_SECOND: Final = len("2024-01-31T12:00:00")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table.

    Attributes:
        text: What it shows; `""` where the record has no value.
        exact: The value with all its digits, where it is shown with fewer; else `""`.
        share: How far its number goes from 0, or from the least, to the greatest shown, from 0 to 1; None if none.
        is_best: Whether it is the best number of a metric among those shown.
    """

    text: str
    exact: str = ""
    share: float | None = None
    is_best: bool = False


def column_cells(raws: Sequence[object], prop: Property) -> list[Cell]:
    """The cells of a column, from the values of its records as JSON with times in ISO 8601."""
    texts = [shown(raw, prop) for raw in raws]
    numbers = [_number(raw, prop) for raw in raws]
    there = [number for number in numbers if number is not None]
    if len(set(there)) < 2:  # noqa: PLR2004 - one number has nothing to be compared with
        return [_cell(spelling, number) for spelling, number in zip(texts, numbers, strict=True)]
    low, high = min(*there, Decimal(0)), max(there)
    span = high - low or Decimal(1)
    best = _best(there, prop)
    return [
        _cell(spelling, None)
        if number is None
        else replace(_cell(spelling, number), share=float((number - low) / span), is_best=number == best)
        for spelling, number in zip(texts, numbers, strict=True)
    ]


def _cell(spelling: str, number: Decimal | None) -> Cell:
    """A cell; a number of more than six significant digits is shown with six."""
    short = spelling if number is None else cell_text.short_number(spelling)
    return Cell(spelling) if short == spelling else Cell(short, spelling)


def shown(raw: object, prop: Property) -> str:
    """A value of a property for people; see `kind_text`."""
    return kind_text(raw, prop.kind)


def kind_text(raw: object, kind: Kind) -> str:
    """A value for people: times to the second, lists with commas, absent ones empty."""
    if raw is None:
        return ""
    if kind.is_time and isinstance(raw, str):
        return raw[:_SECOND].replace("T", " ")
    if isinstance(raw, list) and all(isinstance(element, str) for element in raw):
        return ", ".join(raw)
    if isinstance(raw, Decimal):
        return spelled(raw)
    return text(raw) or '""'


def _number(raw: object, prop: Property) -> Decimal | None:
    """The finite number that a value is or spells."""
    if not (prop.kind.is_number or prop.kind.type is ValueType.TEXT_OR_NUMBER) or isinstance(raw, bool | list):
        return None
    number = values.parse_number(str(raw)) if raw is not None else None
    return number if number is not None and number.is_finite() else None


def _best(numbers: Sequence[Decimal], prop: Property) -> Decimal | None:
    if not prop.name.startswith("Metrics."):
        return None
    return min(numbers) if is_less_better(prop.name) else max(numbers)
