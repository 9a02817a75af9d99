"""Boxes: the spread of a number in each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from smsearch.errors import InvalidValueError
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.scatter import POINTS_MAX
from smsearch.plots.series import Scale, categories, left_out_notes, sample_note, sampled

if TYPE_CHECKING:
    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches

_QUANTILES = {"least": 0.0, "lower": 0.25, "median": 0.5, "upper": 0.75, "greatest": 1.0}


def box(matches: PlottedMatches, name: str, group: str, *, seed: int = 0) -> Figure:
    """Least, quartiles, median and greatest of a property in each group, over at most `POINTS_MAX` matches.

    Quartiles are interpolated between two neighbours, so that the median is the one that `group` gives.

    Args:
        matches: The matches.
        name: A property with numbers.
        group: The property that makes the groups; the ten commonest values have a box each.
        seed: Of the sample.

    Raises:
        InvalidValueError: A property has several values a record, or the first one no numbers.
        UnknownPropertyError: A name that the resource does not have.
    """
    sample, (series, groups) = sampled(matches, [name, group], POINTS_MAX, seed, having=(name,))
    if series.scale is not Scale.NUMBER and sample.table.num_rows:
        raise InvalidValueError(f"{series.name} is no number in every match.", hint="A box is drawn of numbers.")
    texts = np.array(categories(groups).to_pylist(), dtype=object)
    texts = texts[series.is_present]
    numbers = series.numbers[series.is_present]
    names = sorted(set(texts.tolist()))
    parts = [numbers[texts == one] for one in names]
    columns: dict[str, pa.Array] = {"group": pa.array(names, pa.string()), "n": pa.array(map(len, parts), pa.int64())}
    for field, share in _QUANTILES.items():
        quantiles = [float(np.quantile(part, share)) for part in parts]
        columns[field] = pa.array(quantiles, pa.float64())
    titles = {"group": groups.name, "n": "n", **{field: field for field in _QUANTILES}}
    notes = [sample_note(sample, "matches that have it"), *left_out_notes([series])]
    return Figure(
        "box",
        f"{series.name} by {groups.name}",
        table_of(columns),
        titles,
        _drawing(series.name, groups.name, titles, is_logarithmic=series.is_logarithmic),
        tuple(filter(None, notes)),
    )


def _drawing(name: str, group: str, titles: dict[str, str], *, is_logarithmic: bool) -> Spec:
    """A line from the least to the greatest, a bar between the quartiles, a tick at the median."""
    scale: Spec = {"type": "log"} if is_logarithmic else {"zero": False}
    up: Spec = {"field": "group", "type": "nominal", "title": group}
    tooltip = [{"field": field, "title": title} for field, title in titles.items()]

    def layer(mark: Spec, first: str, last: str = "") -> Spec:
        across: Spec = {"field": first, "type": "quantitative", "title": name, "scale": scale}
        to = {"x2": {"field": last}} if last else {}
        return {"mark": mark, "encoding": {"x": across, **to, "y": up, "tooltip": tooltip}}

    return {
        "layer": [
            layer({"type": "rule"}, "least", "greatest"),
            layer({"type": "bar", "size": 14}, "lower", "upper"),
            layer({"type": "tick", "color": "white", "size": 14, "thickness": 2}, "median"),
        ]
    }
