"""Figures as templates show them: a table for everybody, and a specification for the script that draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson
from markupsafe import Markup

from smsearch.page.parallel_svg import ParallelSvg, parallel_svg
from smsearch.plots.output import script_safe

if TYPE_CHECKING:
    from smsearch.plots.figure import Figure

ROWS_SHOWN: Final = 50
"""Rows of the table below a figure."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of a screen.

    Attributes:
        kind: What is drawn.
        title: What it shows.
        notes: What a reader must know.
        header: The columns of its table.
        rows: The first rows of the table.
        count: How many rows it has.
        spec: The specification; `""` where the drawing is `svg`.
        axes: For fields that a range may be chosen on, the property, as JSON.
        svg: Parallel coordinates; None of other kinds.
        removal_url: The screen without it; `""` where it cannot be taken away.
    """

    kind: str
    title: str
    notes: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    spec: Markup
    axes: str
    svg: ParallelSvg | None
    removal_url: str = ""


def shown_figure(figure: Figure, removal_url: str = "") -> ShownFigure:
    """A figure for a template."""
    svg = parallel_svg(figure) if figure.kind == "parallel" else None
    return ShownFigure(
        figure.kind,
        figure.title,
        figure.notes,
        tuple(figure.header()),
        tuple(tuple(map(_text, row)) for row in figure.rows(ROWS_SHOWN)),
        figure.data.num_rows,
        Markup() if svg else Markup(script_safe(_for_page(figure))),  # noqa: S704 - no `<` is left in it
        orjson.dumps(dict(figure.axes)).decode(),
        svg,
        removal_url,
    )


def _for_page(figure: Figure) -> dict[str, object]:
    """The specification as wide as its place; title and notes stand in the page."""
    return {name: part for name, part in figure.spec("container").items() if name != "title"}


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return cell.strftime("%Y-%m-%d %H:%M:%S") if isinstance(cell, datetime) else str(cell)
