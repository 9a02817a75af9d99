"""Parallel coordinates as an SVG without a style of its own; the page's script makes a range of a drag on an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

if TYPE_CHECKING:
    from smsearch.plots.figure import Figure
    from smsearch.plots.parallel import ParallelAxis

WIDTH: Final = 960
HEIGHT: Final = 260
TOP: Final = 24
_SIDE: Final = 90
_MILLISECONDS: Final = 1_000
"""In a second: an address has times as the browser does."""
_TONES: Final = 5
"""Tones of lines, by fifths of the last axis."""


@dataclass(frozen=True, slots=True)
class SvgAxis:
    """An axis: where it stands, what its ends are, and how a place on it is read, as JSON."""

    name: str
    x: float
    low: str
    high: str
    scale: str


@dataclass(frozen=True, slots=True)
class SvgLine:
    """A line: its points, its tone, and the name of its record."""

    points: str
    tone: int
    name: str


@dataclass(frozen=True, slots=True)
class ParallelSvg:
    """What a template draws."""

    axes: tuple[SvgAxis, ...]
    lines: tuple[SvgLine, ...]


def parallel_svg(figure: Figure) -> ParallelSvg:
    """The lines and axes of a figure of parallel coordinates."""
    fields = [name for name in figure.axes if name in figure.data.column_names]
    span = (WIDTH - 2 * _SIDE) / max(len(fields) - 1, 1)
    xs = [round(_SIDE + span * place, 1) for place in range(len(fields))]
    positions = np.array([figure.data[name].to_numpy() for name in fields]).reshape(len(fields), -1)
    ys = (TOP + HEIGHT * (1 - positions)).round(1)
    tones = np.minimum((positions[-1] * _TONES).astype(int), _TONES - 1).tolist() if fields else []
    lines = tuple(
        SvgLine(" ".join(f"{x},{y:g}" for x, y in zip(xs, points, strict=True)), tone, name or "")
        for points, tone, name in zip(ys.T.tolist(), tones, figure.data["name"].to_pylist(), strict=True)
    )
    axes = tuple(_axis(axis, x) for axis, x in zip(figure.scales, xs, strict=True))
    return ParallelSvg(axes, lines)


def _axis(axis: ParallelAxis, x: float) -> SvgAxis:
    low, high = axis.end(is_high=False), axis.end(is_high=True)
    unit = _MILLISECONDS if axis.is_time else 1
    members: dict[str, Any] = {
        "low": axis.low * unit,
        "high": axis.high * unit,
        "log": axis.is_logarithmic,
        "categories": list(axis.categories),
    }
    return SvgAxis(axis.name, x, low, high, orjson.dumps(members).decode())
