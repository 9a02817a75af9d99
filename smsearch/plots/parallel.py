"""Parallel coordinates: a line for each match across an axis for each property."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from smsearch.messages import counted
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.importance import importances, parameters_of
from smsearch.plots.series import Scale, categories, sample_note, sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches
    from smsearch.plots.series import Series

LINES_MAX: Final = 1_000
AXES_USUAL: Final = 5
"""Hyperparameters that are drawn where none are named: the most important."""


@dataclass(frozen=True, slots=True)
class ParallelAxis:
    """An axis, and where values lie on it.

    Attributes:
        name: The property.
        low: The least number, at 0.
        high: The greatest, at 1.
        is_logarithmic: Whether equal ratios are as far apart.
        is_time: Whether the numbers are seconds since 1970.
        categories: The texts, from 0 to 1; `()` of numbers.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    is_logarithmic: bool = False
    is_time: bool = False
    categories: tuple[str, ...] = ()

    def end(self, *, is_high: bool) -> str:
        """What is written at the upper or the lower end."""
        if self.categories:
            return self.categories[-1 if is_high else 0]
        number = self.high if is_high else self.low
        return str(np.datetime64(int(number), "s")) if self.is_time else f"{number:.4g}"


def parallel(matches: PlottedMatches, metric: str, names: Sequence[str] = (), *, seed: int = 0) -> Figure:
    """A line for each match that has all the properties, at most `LINES_MAX`, coloured by the metric.

    Args:
        matches: The matches.
        metric: The last axis.
        names: The axes before it; left out, the hyperparameters that are most important for the metric.
        seed: Of the sample.

    Raises:
        InvalidValueError: A property has several values a record.
        UnknownPropertyError: A name that the resource does not have.
    """
    axes = list(names) or _usual(matches, metric, seed)
    own = ".".join(matches.schema.resource.name_path)
    sample, series = sampled(matches, [own, *axes, metric], LINES_MAX, seed, having=(*axes, metric))
    lines = series[1:]
    rows = np.logical_and.reduce([one.is_present for one in lines]).nonzero()[0]
    columns: dict[str, Any] = {"name": series[0].at(rows)}
    titles = {"name": own}
    scales = []
    for place, one in enumerate(lines):
        axis, positions = _axis(one, rows)
        cells = categories(one) if one.scale is Scale.CATEGORY else one.cells
        columns[f"v{place}"] = cells.take(pa.array(rows))
        columns[f"p{place}"] = pa.array(positions)
        titles[f"v{place}"] = one.name
        scales.append(axis)
    notes = [f"{counted(len(rows), 'line')}.", sample_note(sample, "matches that have all of these")]
    return Figure(
        "parallel",
        f"{lines[-1].name} beside {counted(len(axes), 'property', 'properties')}",
        table_of(columns),
        titles,
        _drawing(scales),
        tuple(filter(None, notes)),
        {f"p{place}": axis.name for place, axis in enumerate(scales)},
        tuple(scales),
    )


def _usual(matches: PlottedMatches, metric: str, seed: int) -> list[str]:
    """The hyperparameters that explain most of a metric, the most important last, beside it."""
    names, _ = parameters_of(matches, metric, seed)
    _, series = sampled(matches, [metric, *names], LINES_MAX, seed, having=(metric,))
    present = series[0].is_present
    common = [one for one in series[1:] if 2 * np.count_nonzero(one.is_present & present) >= np.count_nonzero(present)]
    return [one.name for one in importances(series[0], common)[:AXES_USUAL]][::-1]


def _axis(series: Series, rows: NDArray[np.int64]) -> tuple[ParallelAxis, NDArray[np.float64]]:
    """An axis, and where each of some rows lies on it, from 0 to 1."""
    if series.scale is Scale.CATEGORY:
        texts = categories(series).take(pa.array(rows)).to_pylist()
        distinct = tuple(sorted(set(texts)))
        places = {text: place / max(len(distinct) - 1, 1) for place, text in enumerate(distinct)}
        return ParallelAxis(series.name, categories=distinct), np.array([places[text] for text in texts])
    numbers = series.numbers[rows]
    low, high = (float(numbers.min()), float(numbers.max())) if len(numbers) else (0.0, 1.0)
    is_logarithmic = series.is_logarithmic
    axis = ParallelAxis(series.name, low, high, is_logarithmic=is_logarithmic, is_time=series.scale is Scale.TIME)
    if is_logarithmic:
        numbers, low, high = np.log(numbers), float(np.log(low)), float(np.log(high))
    return axis, (numbers - low) / ((high - low) or 1.0)


def _drawing(axes: Sequence[ParallelAxis]) -> Spec:
    """Lines over positions from 0 to 1, a rule for each axis, its ends written out."""
    fields = [f"p{place}" for place in range(len(axes))]
    labels = " : ".join(
        f"datum.value == {field!r} ? {json.dumps(axis.name)}" for field, axis in zip(fields, axes, strict=True)
    )
    across: Spec = {"type": "nominal", "sort": None, "title": None}
    names = {"axis": {"labelExpr": f"{labels} : ''", "labelAngle": -20, "labelLimit": 200, "grid": True}}
    up: Spec = {"field": "position", "type": "quantitative", "axis": None}
    last = fields[-1]
    hue = {"field": last.replace("p", "v"), "type": "nominal" if axes[-1].categories else "quantitative"}
    color: Spec = {**hue, "title": axes[-1].name}
    if not axes[-1].categories:
        color["scale"] = {"scheme": "viridis", "type": "log" if axes[-1].is_logarithmic else "linear"}
    lines: Spec = {
        "transform": [
            {"window": [{"op": "row_number", "as": "line"}]},
            {"fold": fields, "as": ["axis", "position"]},
        ],
        "mark": {"type": "line", "opacity": 0.4},
        "encoding": {"x": {"field": "axis", **across, **names}, "y": up, "detail": {"field": "line"}, "color": color},
    }
    ends = [
        {"axis": field, "position": float(end), "text": axis.end(is_high=bool(end))}
        for field, axis in zip(fields, axes, strict=True)
        for end in (0, 1)
    ]
    texts: Spec = {
        "data": {"values": ends},
        "mark": {"type": "text", "dx": 4, "align": "left", "fontSize": 10},
        "encoding": {"x": {"field": "axis", **across}, "y": up, "text": {"field": "text"}},
    }
    return {"layer": [lines, texts]}
