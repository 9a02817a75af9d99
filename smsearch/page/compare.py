"""The comparison of two to ten records: what differs, and nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError
from smsearch.frames.metric_names import is_less_better
from smsearch.frozen import replace
from smsearch.messages import visible
from smsearch.page.addresses import RecordAddress
from smsearch.page.cells import kind_text
from smsearch.page.record import not_found
from smsearch.page.screen import Screen
from smsearch.reasons.difference import differences
from smsearch.schema import values
from smsearch.writers import tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from smsearch.page.addresses import CompareAddress
    from smsearch.reasons.difference import Difference
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

RECORDS_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A record's value of a property; `ratio` is to the first record's number, or `""`."""

    text: str
    ratio: str
    is_best: bool


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A property in which the records differ, and what each has."""

    path: str
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True, slots=True)
class ComparedRecord:
    """A record that is compared: where it is, and the comparison without it."""

    name: str
    url: str
    without_url: str


def compared(searcher: Searcher, address: CompareAddress) -> tuple[list[Record], tuple[ComparedRow, ...]]:
    """The records of an address, and the properties in which they differ.

    Raises:
        NotFoundError: A name that no record has.
        InvalidValueError: There are too many, or they are of several kinds.
    """
    if len(address.names) > RECORDS_MAX:
        raise InvalidValueError(f"There are {len(address.names)} records.", hint=f"At most {RECORDS_MAX} are compared.")
    records = [_record(searcher, address.resource, name) for name in address.names]
    kinds = sorted({record.resource for record in records})
    if len(kinds) > 1:
        raise InvalidValueError(f"The records are of several kinds: {', '.join(kinds)}.")
    return records, tuple(map(_row, differences(records))) if len(records) > 1 else ()


def compare_screen(searcher: Searcher, address: CompareAddress) -> Screen:
    """The screen of a comparison.

    Raises:
        NotFoundError, InvalidValueError: As for `compared`.
    """
    records, rows = compared(searcher, address)
    kind = records[0].resource if records else address.resource or searcher.default_resource
    heads = [
        ComparedRecord(
            record.name or record.arn,
            RecordAddress(record.resource, name).url(),
            replace(address, names=tuple(other for other in address.names if other != name)).url(),
        )
        for record, name in zip(records, address.names, strict=True)
    ]
    values: dict[str, object] = {
        "kinds": searcher.resources(),
        "resource": kind,
        "records": heads,
        "groups": _grouped(rows),
        "number": len(rows),
        "markdown_url": address.download("md"),
        "more": len(records) < RECORDS_MAX,
    }
    return Screen("compare.html", "Compare", address, values)


def markdown(searcher: Searcher, address: CompareAddress) -> bytes:
    """The comparison as a Markdown table, for a pull request; of numbers the best of a metric is bold.

    Raises:
        NotFoundError, InvalidValueError: As for `compared`.
    """
    records, rows = compared(searcher, address)
    header = ["Property", *(visible(record.name or record.arn) for record in records)]
    cells = [[visible(row.path), *(visible(cell.text) for cell in row.cells)] for row in rows]
    stream = io.BytesIO()
    tables.write_markdown_grid(stream, header, cells, [False] * len(header))
    return stream.getvalue()


def _record(searcher: Searcher, kind: str, name: str) -> Record:
    records = searcher.describe(name, kind or None)
    if not records:
        raise not_found(searcher, kind or searcher.default_resource, name)
    return records[0]


def _row(difference: Difference) -> ComparedRow:
    texts = [kind_text(value, difference.kind) for value in difference.values]
    numbers = [_number(value) for value in difference.values]
    best = _best(numbers, difference.path)
    first = numbers[0]
    cells = [
        ComparedCell(text, _ratio(number, first) if place else "", number is not None and number == best)
        for place, (text, number) in enumerate(zip(texts, numbers, strict=True))
    ]
    return ComparedRow(difference.path, tuple(cells))


def _number(value: object) -> Decimal | None:
    """The finite number that a value is or spells."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    number = values.parse_number(str(value))
    return number if number is not None and number.is_finite() else None


def _ratio(number: Decimal | None, first: Decimal | None) -> str:
    if number is None or not first or number == first:
        return ""
    return f"\N{MULTIPLICATION SIGN} {float(number / first):.3g}"


def _best(numbers: Sequence[Decimal | None], path: str) -> Decimal | None:
    there = [number for number in numbers if number is not None]
    if len(set(there)) < 2 or not path.startswith("Metrics."):  # noqa: PLR2004 - one has nothing beside it
        return None
    return min(there) if is_less_better(path) else max(there)


def _grouped(rows: Sequence[ComparedRow]) -> list[tuple[str, list[ComparedRow]]]:
    """The rows by what they belong to: metrics and hyperparameters first."""
    groups: dict[str, list[ComparedRow]] = {"Metrics": [], "HyperParameters": []}
    for row in rows:
        head = row.path.partition(".")[0].partition("[")[0]
        groups.setdefault(head if head != row.path else "", []).append(row)
    return [(group, members) for group, members in groups.items() if members]
