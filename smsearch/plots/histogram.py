"""A histogram: the values of a property, counted as a facet counts them, or of a sample by group."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from smsearch.facets.wording import text_of
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.scatter import BRUSH, POINTS_MAX
from smsearch.plots.series import UTC, Scale, categories, left_out_notes, sample_note, sampled
from smsearch.schema import values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from smsearch.facets.facet import Facet, Row
    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches

_VALUES_MAX = 30
"""Values of text that have a bar."""


def histogram(matches: PlottedMatches, name: str, *, color: str = "", seed: int = 0) -> Figure:
    """How many matches have each value, or a value in each bin or period.

    Without a colour all matches are counted, in the bins of `facet`. With one, each bar is parted by group, and the
    matches are a sample of at most `POINTS_MAX`.

    Args:
        matches: The matches.
        name: The property.
        color: The property that bars are parted by; `""` for none.
        seed: Of the sample.

    Raises:
        InvalidValueError: A property has several values a record.
        UnknownPropertyError: A name that the resource does not have.
    """
    facet = matches.facet(name, _VALUES_MAX)
    bins = [row for row in facet.rows if row.low is not None and row.high is not None]
    if color and bins:
        return _parted(matches, facet, bins, color, seed)
    notes = [f"{facet.having:,} of {facet.matching:,} matches have it."]
    notes += [f"{facet.more:,} more values are not drawn."] if facet.more else []
    if not bins:
        return _listed(facet, notes)
    unbinned = sum(row.records for row in facet.rows if row.low is None)
    notes += [f"{unbinned:,} values that are no finite number are not drawn."] if unbinned else []
    columns = {**_edges(facet, bins), "count": [row.records for row in bins]}
    titles = {"low": f"{facet.name} from", "high": "to before", "count": "records"}
    tooltip = [{"field": field, "title": title} for field, title in titles.items()]
    drawing = _drawing(facet, bins, {"tooltip": tooltip})
    return Figure("histogram", facet.name, table_of(columns), titles, drawing, tuple(notes), {"low": facet.name})


def _drawing(facet: Facet, bins: Sequence[Row], further: Spec) -> Spec:
    """Bars from the lower to the upper edge of each bin."""
    scale = Scale.TIME if facet.kind.is_time else Scale.NUMBER
    across: Spec = {"field": "low", "type": scale.value, "title": facet.name}
    widths = {float(row.high or 0) - float(row.low or 0) for row in bins}
    if scale is Scale.NUMBER and float(bins[0].low or 0) > 0 and max(widths) > 2 * min(widths):
        across["scale"] = {"type": "log"}  # bins at powers of ten
    else:
        across["scale"] = {"zero": False} if scale is Scale.NUMBER else UTC
    up = {"field": "count", "type": "quantitative", "title": "records"}
    bar = {"x": across, "x2": {"field": "high"}, "y": up, "y2": {"datum": 0}}
    brush = {"name": BRUSH, "select": {"type": "interval", "encodings": ["x"]}}
    return {"mark": "bar", "encoding": {**bar, **further}, "params": [brush]}


def _edges(facet: Facet, bins: Sequence[Row]) -> dict[str, pa.Array]:
    """The lower and upper edges of bins as times or numbers."""
    pairs = {"low": [row.low for row in bins], "high": [row.high for row in bins]}
    if facet.kind.is_time:
        within = {
            field: [min(max(int(edge or 0), values.MICROS_MIN), values.MICROS_MAX) for edge in edges]
            for field, edges in pairs.items()
        }
        return {field: pa.array(edges, pa.timestamp("us", tz="UTC")) for field, edges in within.items()}
    return {field: pa.array([float(edge or 0) for edge in edges]) for field, edges in pairs.items()}


def _listed(facet: Facet, notes: Sequence[str]) -> Figure:
    """A bar for each value."""
    texts = [text_of(row.value if row.value is not None else "", facet.kind) or '""' for row in facet.rows]
    columns = {"value": texts, "count": [row.records for row in facet.rows]}
    titles = {"value": facet.name, "count": "records"}
    across = {"field": "count", "type": "quantitative", "title": "records"}
    up = {"field": "value", "type": "nominal", "title": facet.name, "sort": None}
    data = table_of({"value": pa.array(columns["value"], pa.string()), "count": pa.array(columns["count"], pa.int64())})
    drawing: Spec = {"mark": {"type": "bar", "tooltip": True}, "encoding": {"x": across, "y": up}}
    return Figure("histogram", facet.name, data, titles, drawing, tuple(notes))


def _parted(matches: PlottedMatches, facet: Facet, bins: Sequence[Row], color: str, seed: int) -> Figure:
    """The bins of a facet, each parted by group, over a sample."""
    sample, (series, hue) = sampled(matches, [facet.name, color], POINTS_MAX, seed, having=(facet.name,))
    groups = np.array(categories(hue).to_pylist(), dtype=object)
    edges = np.array([_measure(bins[0].low, facet), *(_measure(row.high, facet) for row in bins)])
    numbers = series.numbers
    parts = [
        (place, group, count)
        for group in sorted(set(groups.tolist()))
        for place, count in enumerate(np.histogram(numbers[(groups == group) & series.is_present], edges)[0].tolist())
        if count
    ]
    heights: Counter[int] = Counter()
    bases = []
    for place, _, count in parts:
        bases.append(heights[place])
        heights[place] += count
    sides = _edges(facet, bins)
    places = pa.array([place for place, _, _ in parts], pa.int64())
    data = table_of(
        {
            "low": sides["low"].take(places),
            "high": sides["high"].take(places),
            "group": pa.array([group for _, group, _ in parts], pa.string()),
            "count": pa.array([count for _, _, count in parts], pa.int64()),
            "base": pa.array(bases, pa.int64()),
            "top": pa.array([base + count for base, (_, _, count) in zip(bases, parts, strict=True)], pa.int64()),
        }
    )
    titles = {"low": f"{series.name} from", "high": "to before", "group": hue.name, "count": "records"}
    notes = [
        f"{int(series.is_present.sum()):,} matches.",
        sample_note(sample, "matches that have it"),
        *left_out_notes([series]),
    ]
    tooltip = [{"field": field, "title": title} for field, title in titles.items()]
    further = {
        "y": {"field": "top", "type": "quantitative", "title": "records"},
        "y2": {"field": "base"},
        "color": {"field": "group", "type": "nominal", "title": hue.name},
        "tooltip": tooltip,
    }
    return Figure(
        "histogram",
        f"{series.name} by {hue.name}",
        data,
        titles,
        _drawing(facet, bins, further),
        tuple(filter(None, notes)),
        {"low": series.name},
    )


def _measure(edge: Decimal | int | None, facet: Facet) -> float:
    """An edge in the unit of `Series.numbers`."""
    return float(edge or 0) / (1e6 if facet.kind.is_time else 1)
