"""A figure as a value: a table, and what is drawn of it as a Vega-Lite specification.

The columns of the table have short names (`x`, `y`, `color`), since dots and brackets in a field's name mean something
to Vega-Lite; their titles are the names of properties. It knows no record and no plotting library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from smsearch.messages import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.plots.parallel import ParallelAxis

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH: Final = 480
"""Pixels of a figure that stands alone."""
HEIGHT: Final = 300

Spec = dict[str, Any]
"""A part of a specification, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of some matches.

    Attributes:
        kind: What is drawn: `scatter`, `histogram` ...
        title: What it shows, in a line.
        data: A row for each mark. Numbers are finite, times in UTC, all else is text.
        titles: What each column of the data is called; columns without a title are not shown in a table.
        drawing: The specification without data, title and size.
        notes: What a reader must know: the sample, what was left out, statistics; a sentence each.
        axes: For columns that a range on the figure may be turned into a condition on: the property's name.
        scales: Of parallel coordinates, the axes.
    """

    kind: str
    title: str
    data: pa.Table
    titles: Mapping[str, str]
    drawing: Spec
    notes: tuple[str, ...] = ()
    axes: Mapping[str, str] = field(default_factory=dict)
    scales: tuple[ParallelAxis, ...] = ()

    def values(self) -> list[dict[str, Any]]:
        """The rows as JSON has them, times in ISO 8601, characters without a shape of their own written out."""
        names = self.data.column_names
        cells = (_json_cells(self.data.column(name)) for name in names)
        return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]

    def header(self) -> list[str]:
        """The titles of the columns that a table shows."""
        return [self.titles[name] for name in self.data.column_names if name in self.titles]

    def rows(self, limit: int | None = None) -> list[list[Any]]:
        """The cells that a table shows, a row a mark, at most so many rows."""
        names = [name for name in self.data.column_names if name in self.titles]
        return [[row[name] for name in names] for row in self.data.slice(0, limit).to_pylist()]

    def spec(self, width: int | str = WIDTH) -> Spec:
        """The whole specification in Vega-Lite 6, with its data.

        Args:
            width: Pixels, or `"container"` for the width of what it is drawn in.
        """
        own_size = "width" in self.drawing or "columns" in self.drawing
        size = {} if own_size else {"width": width, "height": HEIGHT}
        title = {"text": visible(self.title), "subtitle": list(map(visible, self.notes)), "anchor": "start"}
        drawing = _visible(self.drawing)
        return {"$schema": SCHEMA, "title": title, "data": {"values": self.values()}, **size, **drawing}


def table_of(columns: Mapping[str, Sequence[object] | pa.Array]) -> pa.Table:
    """A table of named columns."""
    return pa.table(
        {name: cells if isinstance(cells, pa.Array) else pa.array(cells) for name, cells in columns.items()}
    )


def _visible(part: Any) -> Any:  # noqa: ANN401 - a part of JSON
    """A part of a specification with every text as a reader sees it."""
    match part:
        case str():
            return visible(part)
        case list():
            return [_visible(item) for item in part]
        case dict():
            return {name: _visible(item) for name, item in part.items()}
    return part


def _json_cells(column: pa.ChunkedArray) -> list[object]:
    """The cells of a column as JSON has them."""
    if pa.types.is_timestamp(column.type):
        times = column.to_pylist()  # Arrow spells times with the system's time zones alone, which a small system lacks
        return [None if time is None else time.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for time in times]
    cells = column.to_pylist()
    return [visible(cell) if isinstance(cell, str) else cell for cell in cells]
