"""The best number so far: a metric over the jobs in the order of their creation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from smsearch.engine.sampling import sampled_places
from smsearch.errors import InvalidValueError
from smsearch.frames.metric_names import is_less_better
from smsearch.messages import counted
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.series import Scale, left_out_notes, sample_note, sampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches

CREATED: Final = "CreationTime"
POINTS_MAX: Final = 1_000
"""Points that are drawn; the line counts more."""
JOBS_MAX: Final = 100_000
"""Matches that the line counts; of more, a sample, and the figure says so."""
DIRECTIONS: Final = ("min", "max")


def best_so_far(matches: PlottedMatches, metric: str, *, direction: str = "", seed: int = 0) -> Figure:
    """A point for each job, and a line at the best number until then, of at most `JOBS_MAX` jobs.

    Args:
        matches: The matches.
        metric: A property with numbers.
        direction: `min` or `max`, what is best; left out, as the name of the metric has it.
        seed: Of the samples: of jobs, and of points where there are more than `POINTS_MAX`.

    Raises:
        InvalidValueError: The metric has no numbers, or the kind has no time of creation; another direction.
        UnknownPropertyError: A name that the resource does not have.
    """
    if direction and direction not in DIRECTIONS:
        raise InvalidValueError(f"{direction!r} is no direction.", hint="Write min or max.")
    name = ".".join(matches.schema.resource.name_path)
    sample, (created, objective) = sampled(matches, [CREATED, metric], JOBS_MAX, seed, having=(CREATED, metric))
    if objective.scale is not Scale.NUMBER and sample.table.num_rows:
        raise InvalidValueError(f"{objective.name} is no number in every match.", hint="Name a metric.")
    is_less = direction == "min" or (not direction and is_less_better(objective.name))
    rows = (created.is_present & objective.is_present).nonzero()[0]
    rows = rows[in_order(created.numbers[rows])]
    numbers = objective.numbers[rows]
    best = (np.minimum if is_less else np.maximum).accumulate(numbers) if len(numbers) else numbers
    places = _drawn(best, seed)
    columns = {
        "number": pa.array(places + 1),
        "created": created.at(rows[places]),
        "value": pa.array(numbers[places]),
        "best": pa.array(best[places]),
    }
    titles = {"number": "job", "created": CREATED, "value": objective.name, "best": "best so far"}
    if len(rows) <= POINTS_MAX:
        names = matches.sample([name], JOBS_MAX, seed, having=(CREATED, metric)).table.column(0).combine_chunks()
        columns["name"] = names.take(pa.array(rows[places]))
        titles["name"] = name
    way = "smallest" if is_less else "largest"
    notes = [f"The {way} is taken for the best (n = {len(rows):,}).", *left_out_notes([objective])]
    if not sample.is_whole:
        notes.append(sample_note(sample, "matches that have it") + " Others may be better.")
    if len(places) < len(rows):
        notes.append(f"A sample of {len(places):,} of {counted(len(rows), 'point')}, each improvement among them.")
    drawing = _drawing(objective.name, titles)
    return Figure("best-so-far", f"Best {objective.name} so far", table_of(columns), titles, drawing, tuple(notes))


def in_order(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The places of numbers from the least to the greatest, equal ones in their order.

    Sorting what is not to stay in order is several times quicker; so runs of equal numbers are put in order afterwards.
    """
    order = np.argsort(numbers)
    ordered = numbers[order]
    is_new = ordered[1:] != ordered[:-1]
    if is_new.all():
        return order
    run = np.concatenate([[0], np.cumsum(is_new)])
    places: NDArray[np.int64] = np.sort(run * len(numbers) + order) - run * len(numbers)
    return places


def _drawn(best: NDArray[np.float64], seed: int) -> NDArray[np.int64]:
    """The places that are drawn: all, or the improvements, the last one and a sample of the others."""
    if len(best) <= POINTS_MAX:
        return np.arange(len(best))
    improvements = np.append(True, best[1:] != best[:-1]).nonzero()[0]
    others = sampled_places(len(best), max(POINTS_MAX - len(improvements) - 1, 0), seed)
    return np.unique(np.concatenate([improvements, others, [len(best) - 1]]))


def _drawing(metric: str, titles: dict[str, str]) -> Spec:
    across = {"field": "number", "type": "quantitative", "title": "jobs in the order of their creation"}
    tooltip = [{"field": field, "title": title} for field, title in titles.items()]

    def layer(mark: Spec, field: str) -> Spec:
        up = {"field": field, "type": "quantitative", "title": metric, "scale": {"zero": False}}
        return {"mark": mark, "encoding": {"x": across, "y": up, "tooltip": tooltip}}

    points = layer({"type": "point", "opacity": 0.5}, "value")
    return {"layer": [points, layer({"type": "line", "interpolate": "step-after", "strokeWidth": 2}, "best")]}
