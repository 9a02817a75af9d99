"""A facet's bins or periods as the bars of an SVG, each a link; it has no style of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 240
HEIGHT: Final = 48
_GAP: Final = 1


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """A bar.

    Attributes:
        x: Its left edge.
        y: Its upper edge.
        width: How wide it is.
        height: How high it is; what is there can be seen.
        label: What it stands for, with its count.
        url: Where a click leads; `""` for nowhere.
        low: Where its bin begins, as a query spells it; `""` for a part of a bar.
        high: Before what it ends.
        tone: Which part of a stack it is, from 0.
    """

    x: float
    y: float
    width: float
    height: float
    label: str
    url: str
    low: str = ""
    high: str = ""
    tone: int = 0


def place(number: int, of: int) -> tuple[float, float]:
    """The left edge and the width of one of several bars side by side."""
    width = WIDTH / max(of, 1)
    return round(number * width, 2), round(max(width - _GAP, 0.5), 2)


def height(count: int, greatest: int) -> float:
    """How high a bar is: none of no records, a pixel at least of some."""
    return round(max(HEIGHT * count / greatest, 1), 2) if count else 0.0


def stack(counts: Sequence[int], greatest: int) -> list[tuple[float, float]]:
    """Upper edges and heights of the parts of a bar, the first at the bottom."""
    parts, bottom = [], float(HEIGHT)
    for count in counts:
        part = HEIGHT * count / greatest if greatest else 0.0
        bottom -= part
        parts.append((round(bottom, 2), round(part, 2)))
    return parts
