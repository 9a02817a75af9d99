"""Facets as text with bars, as Markdown, as delimited values and as JSON.

A bar is as long as its share of the longest one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from smsearch.facets.wording import cells, headline, remarks, text_of, value_of
from smsearch.messages import visible
from smsearch.writers import delimited, documents, screen_text, tables
from smsearch.writers.grid import GAP, Fit, Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.value_counts import Scalar
    from smsearch.facets.facet import Facet, Row
    from smsearch.schema.property import Property
    from smsearch.writers.answer import Answer

BAR_WIDTH: Final = 24
"""Columns of the longest bar."""
LEAST_BAR_WIDTH: Final = 8
"""The same on a narrow terminal."""
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_FULL: Final = "█"


def write(stream: BinaryIO, form: str, facets: Sequence[Facet], look: Answer) -> None:
    """Facets in any of the formats of `facet`, of the width, the colours and the safety that `look` says."""
    match form:
        case "json" | "jsonl":
            documents.write_objects(stream, form, map(members, facets))
        case "csv" | "tsv":
            write_delimited(stream, facets, form, is_safe=look.is_csv_safe)
        case "md":
            write_markdown(stream, facets)
        case _:
            write_table(stream, facets, is_colored=look.is_colored, width=look.width)


def members(facet: Facet) -> dict[str, Any]:
    """A facet as a JSON-ready object; what does not apply to it is left out."""
    document: dict[str, Any] = {
        "Name": facet.name,
        "Type": facet.kind.word,
        "Matches": facet.matching,
        "Records": facet.having,
        "Coverage": round(facet.coverage, 4),
        "Unreadable": facet.unreadable,
        "Distinct": facet.distinct,
    }
    if facet.spread is not None:
        spread = facet.spread
        document |= {
            "Minimum": value_of(spread.minimum, facet.kind),
            "LowerQuartile": value_of(spread.lower_quartile, facet.kind),
            "Median": value_of(spread.median, facet.kind),
            "UpperQuartile": value_of(spread.upper_quartile, facet.kind),
            "Maximum": value_of(spread.maximum, facet.kind),
        }
    if facet.unit:
        document["Unit"] = facet.unit
    return document | {"Values": [_row(row, facet) for row in facet.rows], "More": facet.more}


def _row(row: Row, facet: Facet) -> dict[str, Any]:
    if row.value is not None:
        return {"Value": value_of(row.value, facet.kind), "Records": row.records}
    return {"From": value_of(row.low, facet.kind), "Below": value_of(row.high, facet.kind), "Records": row.records}


def write_delimited(stream: BinaryIO, facets: Iterable[Facet], form: str, *, is_safe: bool = False) -> None:
    """A line a value or bin: the property, the value or the bounds, the records, and their share of the matches."""
    rows = [
        [facet.name, *_cells(row, facet), row.records, f"{_share(row.records, facet):.4f}"]
        for facet in facets
        for row in facet.rows
    ]
    delimited.write_lines(stream, ["Name", "Value", "From", "Below", "Records", "Share"], rows, form, is_safe=is_safe)


def _cells(row: Row, facet: Facet) -> list[str | None]:
    return [None if value is None else text_of(value, facet.kind) for value in (row.value, row.low, row.high)]


def _share(records: int, facet: Facet) -> float:
    return records / facet.matching if facet.matching else 0.0


def write_markdown(stream: BinaryIO, facets: Iterable[Facet]) -> None:
    """A Markdown table a facet, under what it is."""
    for at, facet in enumerate(facets):
        stream.write(("\n" if at else "").encode() + f"{headline(facet)}\n\n".encode())
        header, rows = cells(facet)
        tables.write_markdown_grid(stream, header, rows, [False, True, True])
        stream.write(_rest(facet, "\n").encode())


def write_table(stream: BinaryIO, facets: Iterable[Facet], *, is_colored: bool, width: int | None = None) -> None:
    """A facet under another, each as a table with bars, which are shorter on a narrow terminal."""
    for at, facet in enumerate(facets):
        stream.write(b"\n" if at else b"")
        stream.writelines(
            (screen_text.styled(line, bold=True) if is_colored else line).encode() + b"\n"
            for line in _folded(headline(facet), width)
        )
        if facet.rows:
            _draw(stream, facet, is_colored=is_colored, width=width)
        stream.writelines(f"{line}\n".encode() for line in _folded(_rest(facet, ""), width))


def _folded(lines: str, width: int | None) -> list[str]:
    """The lines of a text, each folded to a width if one is given."""
    whole = lines.splitlines()
    return whole if width is None else [piece.rstrip() for line in whole for piece in screen_text.folded(line, width)]


def _rest(facet: Facet, before: str) -> str:
    lines = remarks(facet, ": use -n or --all")
    return before + "".join(f"{line}\n" for line in lines) if lines else ""


def _draw(stream: BinaryIO, facet: Facet, *, is_colored: bool, width: int | None) -> None:
    """Writes the values and their bars; on a terminal a long value is folded, and leaves a short bar its room."""
    header, rows = cells(facet)
    longest = max(row.records for row in facet.rows)
    fits = (Fit.WHOLE if facet.kind.is_number else Fit.FOLD, Fit.WHOLE, Fit.WHOLE)
    grid = Grid(header, rows, (facet.kind.is_number, True, True), fits)
    head, *values_lines = grid.row_lines(None if width is None else width - LEAST_BAR_WIDTH - len(GAP))
    label_width = max(screen_text.width_of(line) for lines in (head, *values_lines) for line in lines)
    bar_width = BAR_WIDTH if width is None else min(BAR_WIDTH, width - label_width - len(GAP))
    stream.writelines(f"{line}\n".encode() for line in head)
    for row, (first, *others) in zip(facet.rows, values_lines, strict=True):
        bar = _bar(row.records, longest, bar_width)
        bar = screen_text.styled(bar, color="cyan") if is_colored and bar else bar
        stream.write(f"{screen_text.padded(first, label_width)}{GAP}{bar}".rstrip().encode() + b"\n")
        stream.writelines(f"{line}\n".encode() for line in others)


def _bar(count: int, longest: int, width: int) -> str:
    """A bar in eighths of a column; what is not nothing is at least one of them."""
    eighths = max(round(count * width * len(_EIGHTHS) / longest), 1) if count else 0
    full, rest = divmod(eighths, len(_EIGHTHS))
    return _FULL * full + _EIGHTHS[rest].strip()


def write_values(
    stream: BinaryIO, form: str, prop: Property, counted: Sequence[tuple[Scalar, int]], look: Answer
) -> None:
    """Values and how many records have each, in any of the formats of `values`; on a terminal long ones are folded."""
    texts = [[text_of(value, prop.kind), count] for value, count in counted]
    match form:
        case "json" | "jsonl":
            objects = ({"Value": value_of(value, prop.kind), "Records": count} for value, count in counted)
            documents.write_objects(stream, form, objects)
        case "csv" | "tsv":
            delimited.write_lines(stream, ["Value", "Records"], texts, form, is_safe=look.is_csv_safe)
        case "names":
            stream.writelines(f"{text}\n".encode() for text, _ in texts)
        case _:
            rows = [[visible(str(text)) or '""', f"{count:,}"] for text, count in texts]
            if form == "md":
                tables.write_markdown_grid(stream, ["Value", "Records"], rows, [False, True])
                return
            grid = Grid(["Value", "Records"], rows, (prop.kind.is_number, True), (Fit.FOLD, Fit.WHOLE))
            stream.writelines(f"{line}\n".encode() for line in grid.lines(look.width))
