"""A timeline: when each job waited, ran and ended, in a row for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from smsearch.errors import InvalidValueError
from smsearch.frames import summary
from smsearch.plots.figure import Figure, table_of
from smsearch.plots.series import UTC, categories, sample_note, sampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches
    from smsearch.schema.names import Schema

JOBS_MAX: Final = 2_000
_LANES_MAX: Final = 24
"""Jobs at one time that a group shows side by side; more lie over each other."""
_PHASES: Final = ("queued", "running", "failed")
_COLORS: Final = ("#b8b8b8", "#3b78c3", "#c0362c")
_CREATED: Final = "CreationTime"


def timeline(matches: PlottedMatches, group: str = "", *, seed: int = 0) -> Figure:
    """A bar for each phase of each job, at most `JOBS_MAX` jobs: queued, then running or, of failed ones, failed.

    A job that has no end is drawn to the last time of those that are shown; one that ended and has no beginning, from
    its creation on.

    Args:
        matches: The matches.
        group: The property that makes the rows, such as `Tags.team` or an instance type; left out, the status.
        seed: Of the sample.

    Raises:
        InvalidValueError: The kind has no times of creation and end; a property has several values a record.
        UnknownPropertyError: A name that the resource does not have.
    """
    created, start, end = _phases(matches.schema)
    status = summary.status_property(matches.schema)
    if status is None:
        raise InvalidValueError(f"{matches.resource} has no status.", hint="Draw a timeline of jobs.")
    name = ".".join(matches.schema.resource.name_path)
    names = [name, group or status.name, status.name, created, start or created, end]
    sample, series = sampled(matches, names, JOBS_MAX, seed, having=(created,))
    creation, start_time, end_time = (one.numbers for one in series[3:])
    last = float(np.nanmax(np.concatenate([creation, start_time, end_time]))) if len(creation) else 0.0
    is_unended = np.isnan(end_time)
    endless = int(is_unended.sum())
    end_time = np.where(is_unended, last, end_time)
    start_time = np.where(np.isnan(start_time), np.where(is_unended, end_time, creation), start_time)
    rows = categories(series[1])
    lanes = _lanes(np.array(rows.to_pylist(), dtype=object), creation, end_time)
    is_failed = np.array([cell == "Failed" for cell in series[2].cells.to_pylist()], dtype=bool)
    phase = np.where(is_failed, 2, 1)
    order = np.tile(np.arange(len(creation)), 2)
    from_, to = np.concatenate([creation, start_time]), np.concatenate([start_time, end_time])
    phases = np.concatenate([np.zeros(len(creation), np.int64), phase])
    visible = (to > from_).nonzero()[0]
    owners = order[visible]
    columns = {
        "name": series[0].at(owners),
        "group": rows.take(pa.array(owners)),
        "phase": pa.array([_PHASES[at] for at in phases[visible].tolist()], pa.string()),
        "from": _times(from_[visible]),
        "to": _times(to[visible]),
        "lane": pa.array(lanes[owners]),
    }
    titles = {"name": name, "group": series[1].name, "phase": "phase", "from": "from", "to": "to"}
    notes = [
        sample_note(sample, "jobs"),
        f"{endless:,} have no end, and are drawn to the last time." if endless else "",
    ]
    title = f"{matches.resource} by {series[1].name}"
    return Figure("timeline", title, table_of(columns), titles, _drawing(titles), tuple(filter(None, notes)))


def _phases(schema: Schema) -> tuple[str, str, str]:
    """The properties that say when a job was created, began and ended; the second may be `""`."""
    names = [prop.name for prop in summary.times(schema)]
    start = next((name for name in names if name.endswith("StartTime")), "")
    end = next((name for name in names if name.endswith(("EndTime", "CompletionTime"))), "")
    if _CREATED not in names or not end:
        raise InvalidValueError(f"{schema.resource.name} has no time of an end.", hint="Draw a timeline of jobs.")
    return _CREATED, start, end


def _lanes(
    groups: NDArray[np.object_], creation: NDArray[np.float64], end_time: NDArray[np.float64]
) -> NDArray[np.int64]:
    """For each job the first lane of its group that is free when it begins."""
    lanes = np.zeros(len(creation), np.int64)
    free: dict[object, list[float]] = {}
    for at in np.argsort(creation, kind="stable").tolist():
        own = free.setdefault(groups[at], [])
        lane = next((number for number, end in enumerate(own) if end <= creation[at]), len(own))
        if lane == len(own) and lane < _LANES_MAX:
            own.append(0.0)
        lanes[at] = lane % _LANES_MAX
        own[lanes[at]] = max(own[lanes[at]], float(end_time[at]))
    return lanes


def _times(seconds: NDArray[np.float64]) -> pa.Array:
    return pa.array((seconds * 1e6).round().astype(np.int64), pa.timestamp("us", tz="UTC"))


def _drawing(titles: dict[str, str]) -> Spec:
    tooltip = [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]
    colors = {"domain": list(_PHASES), "range": list(_COLORS)}
    hue = {"field": "phase", "type": "nominal", "scale": colors, "title": None}
    return {
        "mark": {"type": "bar", "strokeWidth": 1},
        "encoding": {
            "x": {"field": "from", "type": "temporal", "title": None, "scale": UTC},
            "x2": {"field": "to"},
            "y": {"field": "group", "type": "nominal", "title": titles["group"]},
            "yOffset": {"field": "lane", "type": "ordinal"},
            "color": hue,
            "stroke": hue,  # so that the shortest can be seen
            "tooltip": tooltip,
        },
    }
