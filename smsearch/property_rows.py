"""The properties that records have, each with its values counted: rows for the verb `schema`, and for notebooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from smsearch.facets.wording import percent, text_of, value_of
from smsearch.messages import counted, visible
from smsearch.notebook import html
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.names import folded

if TYPE_CHECKING:
    from smsearch.engine.value_counts import Scalar, ValueCounts
    from smsearch.result import Result
    from smsearch.schema.property import Property

EXAMPLES: Final = 3
"""Values of each property that are shown, those that most records have."""
_EXAMPLE_WIDTH: Final = 24
"""Characters of an example in a notebook."""
_HEADER: Final = ("Name", "Type", "Records", "Coverage", "Distinct", "Examples", "Conflict")
_NUMERIC: Final = (False, False, True, True, True, False, False)


@dataclass(frozen=True, slots=True, repr=False)
class PropertyRow:
    """A property, and its values in some records.

    Attributes:
        prop: The property.
        tally: Its values, counted; None where no records were asked.
        records: How many of the records have it.
    """

    prop: Property
    tally: ValueCounts | None = None
    records: int = 0

    @property
    def name(self) -> str:
        """The property's whole name."""
        return self.prop.name

    @property
    def type(self) -> str:
        """The kind of its values, as a list where a record may have several; and whether the service has it not."""
        if self.prop.is_derived:
            return f"{self.prop.kind.word} (derived)"
        return f"list of {self.prop.kind.word}" if self.prop.is_many else self.prop.kind.word

    @property
    def is_valued(self) -> bool:
        """Whether it has values, and is not merely there."""
        return self.prop.kind.has_values

    @property
    def coverage(self) -> float | None:
        """The share of the records that have it, from 0 to 1; None where no records were asked."""
        return None if self.tally is None else round(self.records / self.tally.matching, 4)

    @property
    def distinct(self) -> int | None:
        """How many different values there are; None where it has no values, or no records were asked."""
        return self.tally.distinct if self.tally is not None and self.is_valued else None

    @property
    def examples(self) -> tuple[Any, ...]:
        """The values that most records have, as JSON has them."""
        return tuple(value_of(value, self.prop.kind) for value in self._top())

    @property
    def conflict(self) -> str:
        """`numeric in 812, text in 3`, or `unreadable in 2`; `""` where all values are of one type."""
        tally = self.tally
        if tally is None:
            return ""
        counts = {"numeric": 0, "text": 0, "unreadable": tally.unreadable}
        if self.prop.kind.type is ValueType.TEXT_OR_NUMBER:
            texts = sum(count for _, count in tally.top(tally.distinct - tally.distinct_numbers, texts_only=True))
            counts |= {"numeric": tally.number_count, "text": texts}
        parts = [f"{name} in {count:,}" for name, count in counts.items() if count]
        return ", ".join(parts) if len(parts) > 1 or tally.unreadable else ""

    def _top(self) -> list[Scalar]:
        return [value for value, _ in self.tally.top(EXAMPLES)] if self.tally is not None and self.is_valued else []

    def members(self) -> dict[str, Any]:
        """The row for JSON."""
        row: dict[str, Any] = {"Name": self.name, "Type": self.type}
        if self.tally is not None:
            row |= {"Records": self.records, "Coverage": self.coverage}
            if self.is_valued:
                row |= {"Distinct": self.distinct, "Examples": list(self.examples)}
            if self.conflict:
                row["Conflict"] = self.conflict
        if self.prop.enum:
            row["Values"] = list(self.prop.enum)
        return row

    def texts(self, width: int | None) -> list[str]:
        """The row for a table, without the allowed values, which would fill it; examples cut to a width if any."""
        row = [visible(self.name), self.type]
        if self.tally is not None:
            row += [f"{self.records}", percent(self.records, self.tally.matching)]
            shown = [_shortened(text_of(value, self.prop.kind), width) for value in self._top()]
            row += [f"{self.tally.distinct}" if self.is_valued else "", ", ".join(shown), self.conflict]
        return row

    def __repr__(self) -> str:
        return f"<smsearch.PropertyRow: {visible(self.name)}, {self.type}, in {counted(self.records, 'record')}>"


class PropertyRows(tuple[PropertyRow, ...]):
    """The rows of some properties, which a notebook shows as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<smsearch.PropertyRows: {counted(len(self), 'property', 'properties')}>"

    def _repr_html_(self) -> str:
        """All rows, for a notebook."""
        rows = [row.texts(_EXAMPLE_WIDTH) for row in self]
        drawn = [html.table(_HEADER, rows, _NUMERIC)] if rows else []
        return html.figure(counted(len(self), "property", "properties"), drawn)


def has_part(prop: Property, part: str) -> bool:
    """Whether a part, in any case, is in the property's name."""
    return folded(part) in folded(prop.name)


def having(result: Result, part: str = "") -> dict[Property, int]:
    """The properties that a match has and whose names have a part, with how many have each, derived ones last."""
    covered = {prop: count for prop, count in result.coverage().items() if has_part(prop, part)}
    derived = [prop for prop in result.schema.derived.values() if prop not in covered and has_part(prop, part)]
    of_derived = zip(derived, result.presence_counts(derived), strict=True)
    return covered | {prop: count for prop, count in of_derived if count}


def observed(result: Result, part: str = "") -> list[PropertyRow]:
    """The same properties with their values counted, in the catalogue's order, derived ones last."""
    counts = having(result, part)
    tallies = zip(counts, result.value_counts(list(counts)), strict=True)
    return [PropertyRow(prop, tally, counts[prop]) for prop, tally in tallies]


def _shortened(text: str, width: int | None) -> str:
    shown = visible(text) or '""'
    return shown if width is None or len(shown) <= width else f"{shown[: width - 1]}\N{HORIZONTAL ELLIPSIS}"
