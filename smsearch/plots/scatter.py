"""A scatter plot: a point a match, with the rank correlation of what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.messages import counted
from smsearch.plots import statistics
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.series import Scale, categories, left_out_notes, sample_note, sampled

if TYPE_CHECKING:
    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches
    from smsearch.plots.series import Series

POINTS_MAX: Final = 5_000
BRUSH: Final = "brush"
"""The selection that a box on the figure makes."""


def scatter(matches: PlottedMatches, x: str, y: str, *, color: str = "", seed: int = 0) -> Figure:
    """A point for each match that has both properties, at most `POINTS_MAX`.

    Args:
        matches: The matches.
        x: The property of the horizontal axis, mostly a hyperparameter.
        y: That of the vertical one, mostly a metric.
        color: The property that the points are coloured by; `""` for none.
        seed: Of the sample.

    Raises:
        InvalidValueError: A property has several values a record.
        UnknownPropertyError: A name that the resource does not have.
    """
    name = ".".join(matches.schema.resource.name_path)
    names = [name, x, y, *([color] if color else [])]
    sample, series = sampled(matches, names, POINTS_MAX, seed, having=(x, y))
    across, up = series[1], series[2]
    rows = (across.is_present & up.is_present).nonzero()[0]
    columns = {"name": series[0].at(rows), "x": across.at(rows), "y": up.at(rows)}
    titles = {"name": series[0].name, "x": across.name, "y": up.name}
    encoding: Spec = {
        "x": across.encoding("x"),
        "y": up.encoding("y"),
        "tooltip": [{"field": field, "title": title} for field, title in titles.items()],
    }
    if color:
        hue = series[3]
        columns["color"] = hue.at(rows) if hue.scale is not Scale.CATEGORY else categories(hue).take(rows)
        titles["color"] = hue.name
        encoding["color"] = {"field": "color", "type": hue.scale.value, "title": hue.name}
        encoding["tooltip"].append({"field": "color", "title": hue.name})
    notes = [_statistic(across, up), sample_note(sample, "matches that have both"), *left_out_notes(series[1:3])]
    is_square = all(one.scale is not Scale.CATEGORY for one in (across, up))
    drawing: Spec = {"mark": {"type": "point", "opacity": 0.7}, "encoding": encoding}
    if is_square:
        drawing["params"] = [{"name": BRUSH, "select": "interval"}]
    return Figure(
        "scatter",
        f"{up.name} by {across.name}",
        table_of(columns),
        titles,
        drawing,
        tuple(filter(None, notes)),
        {"x": across.name, "y": up.name} if is_square else {},
    )


def _statistic(across: Series, up: Series) -> str:
    """The rank correlation of two properties in words, with its n."""
    both = across.is_present & up.is_present
    count = int(np.count_nonzero(both))
    if Scale.CATEGORY in {across.scale, up.scale}:
        return f"{counted(count, 'match', 'matches')}."
    rho = statistics.rank_correlation(across.numbers[both], up.numbers[both])
    said = "There is no rank correlation" if rho is None else f"Rank correlation {rho:+.2f}"
    return f"{said} (n = {count:,})."
