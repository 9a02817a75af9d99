"""Importance: how much of a metric's order each hyperparameter explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from smsearch.errors import InvalidValueError
from smsearch.plots import statistics
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.series import Scale, left_out_notes, sample_note, sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches
    from smsearch.plots.series import Series

JOBS_MIN: Final = 20
"""Matches with a value below which nothing is said of a hyperparameter."""
NAMES_MAX: Final = 12
"""Hyperparameters that are looked into where none are named: the commonest."""
MATCHES_MAX: Final = 1_000
"""Matches that importance is computed of: ranks of more say the same."""
_NO_CORRELATION: Final = "#8a8a8a"
"""The colour of a hyperparameter that is text, and the edge of every bar: those near 0 are as light as the ground."""
_LOOKED_INTO: Final = 50
"""Matches that tell which hyperparameters are common."""
FAMILIES: Final = ("HyperParameters.", "Parameters.", "TunedHyperParameters.")
"""What the names of hyperparameters begin with, by kind of record."""


@dataclass(frozen=True, slots=True)
class ParameterImportance:
    """What a hyperparameter has to do with a metric.

    Attributes:
        name: The hyperparameter.
        share: The share of the variance of the metric's ranks that it explains (`statistics.explained_share`).
        correlation: The rank correlation of its numbers with the metric; None of texts.
        count: How many matches have both.
    """

    name: str
    share: float
    correlation: float | None
    count: int


def parameters_of(matches: PlottedMatches, metric: str, seed: int = 0) -> tuple[list[str], int]:
    """The commonest hyperparameters among matches that have a metric, at most `NAMES_MAX`; and how many were seen."""
    coverage = matches.sampled_coverage(_LOOKED_INTO, seed, having=(metric,))
    own = {prop.name: count for prop, count in coverage.items() if prop.name.startswith(FAMILIES) and not prop.is_many}
    return sorted(own, key=lambda name: (-own[name], name))[:NAMES_MAX], len(own)


def importances(metric: Series, parameters: Sequence[Series]) -> list[ParameterImportance]:
    """The importance of each hyperparameter that `JOBS_MIN` matches and two values tell of, the greatest first."""
    every = [one for series in parameters if (one := _importance(metric, series)) is not None]
    return sorted(every, key=lambda one: (-one.share, one.name))


def importance(matches: PlottedMatches, metric: str, names: Sequence[str] = (), *, seed: int = 0) -> Figure:
    """A bar for each hyperparameter: the share of the variance of the metric's ranks that it explains, with n.

    Args:
        matches: The matches.
        metric: A property with numbers.
        names: Hyperparameters; left out, the commonest.
        seed: Of the sample of at most `MATCHES_MAX` matches that have the metric.

    Raises:
        InvalidValueError: The metric has no numbers.
        UnknownPropertyError: A name that the resource does not have.
    """
    parameter_names, seen = (list(names), len(names)) if names else parameters_of(matches, metric, seed)
    sample, series = sampled(matches, [metric, *parameter_names], MATCHES_MAX, seed, having=(metric,))
    objective, parameters = series[0], series[1:]
    if objective.scale is not Scale.NUMBER and sample.table.num_rows:
        raise InvalidValueError(f"{objective.name} is no number in every match.", hint="Name a metric.")
    ordered = importances(objective, parameters)
    columns = {
        "name": pa.array([one.name for one in ordered], pa.string()),
        "share": pa.array([one.share for one in ordered], pa.float64()),
        "correlation": pa.array([one.correlation for one in ordered], pa.float64()),
        "n": pa.array([one.count for one in ordered], pa.int64()),
    }
    titles = {"name": "hyperparameter", "share": "share explained", "correlation": "rank correlation", "n": "n"}
    few = len(parameters) - len(ordered)
    notes = [
        sample_note(sample, "matches that have it"),
        f"{few} of {len(parameters)} hyperparameters have fewer than {JOBS_MIN} matches, or one value." if few else "",
        f"The {len(parameter_names)} commonest of {seen} hyperparameters." if seen > len(parameter_names) else "",
        *left_out_notes([objective]),
    ]
    title = f"Share of the variance of {objective.name} (ranks) explained"
    return Figure("importance", title, table_of(columns), titles, _drawing(titles), tuple(filter(None, notes)))


def _drawing(titles: dict[str, str]) -> Spec:
    across = {"field": "share", "type": "quantitative", "title": "share explained", "scale": {"domain": [0, 1]}}
    up = {"field": "name", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 240}}
    tooltip = [{"field": field, "title": title} for field, title in titles.items()]
    scale = {"scheme": "blueorange", "domain": [-1, 1]}
    hue = {"field": "correlation", "type": "quantitative", "title": "rank correlation", "scale": scale}
    # Texts have no rank correlation; by itself Vega-Lite leaves out a bar whose colour has no value.
    color = {"condition": {"test": "datum.correlation !== null", **hue}, "value": _NO_CORRELATION}
    mark = {"type": "bar", "invalid": "show", "stroke": _NO_CORRELATION, "strokeWidth": 0.5}
    return {"mark": mark, "encoding": {"x": across, "y": up, "color": color, "tooltip": tooltip}}


def _importance(metric: Series, parameter: Series) -> ParameterImportance | None:
    both = metric.is_present & parameter.is_present
    count = int(np.count_nonzero(both))
    if count < JOBS_MIN:
        return None
    objective = metric.numbers[both]
    correlation = None
    if parameter.scale is Scale.CATEGORY:
        groups = _codes(parameter, both)
    else:
        numbers = parameter.numbers[both]
        groups = statistics.binned(numbers)
        correlation = statistics.rank_correlation(numbers, objective)
    share = statistics.explained_share(groups, objective)
    return None if share is None else ParameterImportance(parameter.name, share, correlation, count)


def _codes(parameter: Series, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A number for each text."""
    codes = parameter.cells.filter(pa.array(rows)).dictionary_encode().indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)
