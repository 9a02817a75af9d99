"""How a tuning job went: its course, its trials, the ranges that were tuned, and the best trial's hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.errors import RequestError
from smsearch.frames.metric_names import is_less_better
from smsearch.page.addresses import ChartsAddress, RecordAddress, SearchAddress, TuningAddress
from smsearch.page.cells import kind_text
from smsearch.page.charts import LOOKED_INTO
from smsearch.page.record import not_found
from smsearch.page.screen import Screen
from smsearch.page.shown_figures import shown_figure
from smsearch.plots.remembered import RememberedMatches
from smsearch.plots.request import FigureRequest, draw
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smsearch.page.shown_figures import ShownFigure
    from smsearch.result import Result
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

KIND: Final = "HyperParameterTuningJob"
TRIALS: Final = "TrainingJob"
TRIALS_SHOWN: Final = 100
JOBS_SHOWN: Final = 200
_SLICES_MAX: Final = 4
_SUFFIX: Final = "-___%-________"
"""How the names of trials go on after the tuning job's: a number of three digits or more, and eight hexadecimals."""


@dataclass(frozen=True, slots=True)
class TunedRange:
    """A hyperparameter that was tuned, and within what: `1e-06 to 0.001, Logarithmic`."""

    name: str
    within: str


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial: where it is, and its cells."""

    name: str
    url: str
    cells: tuple[str, ...]


def tuning_screen(searcher: Searcher, address: TuningAddress) -> Screen:
    """The screen of a tuning job; without a name, the list of them.

    Raises:
        NotFoundError: No tuning job has the name.
    """
    shared: dict[str, object] = {"kinds": searcher.resources(), "resource": KIND}
    if not address.name:
        jobs = searcher.quiet_result("ORDER BY CreationTime DESC", resource=KIND)
        names = [record.name for record in jobs.between(0, JOBS_SHOWN)]
        links = [(name, TuningAddress(name).url()) for name in names]
        return Screen("tuning_jobs.html", "Tuning jobs", address, shared | {"jobs": links, "total": jobs.total})
    records = searcher.describe(address.name, KIND)
    if not records:
        raise not_found(searcher, KIND, address.name)
    job = records[0]
    query = _trials_query(job)
    trials = searcher.quiet_result(query, resource=TRIALS)
    ranges = tuple(_ranges(job.document))
    metric, is_less = _objective(job.document, trials)
    values: dict[str, object] = {
        "name": job.name,
        "record_url": RecordAddress(KIND, job.name).url(),
        "trials_url": SearchAddress(TRIALS, query).url(),
        "charts_url": ChartsAddress(TRIALS, query).url(),
        "narrow_url": f"/narrow{ChartsAddress(TRIALS, query).url().removeprefix(ChartsAddress.path)}",
        "total": trials.total,
        "ranges": ranges,
        "metric": metric,
        "way": "smallest" if is_less else "largest",
        "statuses": _statuses(trials, query),
        **_of_trials(searcher, query, metric, ranges, is_less=is_less),
    }
    return Screen("tuning.html", job.name, address, shared | values)


def _trials_query(job: Record) -> str:
    """The trials: those that name the tuning job, and those that are named after it."""
    by_name = f"TrainingJobName LIKE {write_value(job.name + _SUFFIX)}"
    return f"TuningJobArn = {write_value(job.arn)} OR {by_name}" if job.arn else by_name


def _definitions(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where a tuning job says what it tunes: its own configuration, and that of each algorithm."""
    own = document.get("HyperParameterTuningJobConfig")
    several = document.get("TrainingJobDefinitions")
    parts = [own, document.get("TrainingJobDefinition"), *(several if isinstance(several, list) else [])]
    return [part for part in parts if isinstance(part, dict)]


def _ranges(document: Mapping[str, Any]) -> Iterator[TunedRange]:
    """The ranges of a tuning job's document, those of each algorithm after its own."""
    for part in _definitions(document):
        ranges = part.get("ParameterRanges") or part.get("HyperParameterRanges")
        lists = ranges.values() if isinstance(ranges, dict) else ()
        for one in (one for entries in lists if isinstance(entries, list) for one in entries if isinstance(one, dict)):
            within = ", ".join(map(str, one.get("Values") or ()))
            if not within:
                scaling = one.get("ScalingType")
                within = f"{one.get('MinValue')} to {one.get('MaxValue')}" + (f", {scaling}" if scaling else "")
            yield TunedRange(str(one.get("Name", "")), within)


def _objective(document: Mapping[str, Any], trials: Result) -> tuple[str, bool]:
    """The property of the objective, and whether its smallest value is the best; `""` where none is known."""
    for part in _definitions(document):
        objective = part.get("HyperParameterTuningJobObjective") or part.get("TuningObjective")
        if isinstance(objective, dict) and objective.get("MetricName"):
            return f"Metrics.{objective['MetricName']}", objective.get("Type") == "Minimize"
    coverage = trials.sampled_coverage(LOOKED_INTO)
    metrics = [prop for prop in coverage if prop.name.startswith("Metrics.")]
    metric = max(metrics, key=lambda prop: coverage[prop]).name if metrics else ""
    return metric, is_less_better(metric)


def _statuses(trials: Result, query: str) -> list[tuple[str, int, str]]:
    rows = trials.facet("TrainingJobStatus").rows
    return [
        (
            str(row.value),
            row.records,
            SearchAddress(TRIALS, f"({query}) AND TrainingJobStatus = {write_value(str(row.value))}").url(),
        )
        for row in rows
    ]


def _of_trials(
    searcher: Searcher, query: str, metric: str, ranges: tuple[TunedRange, ...], *, is_less: bool
) -> dict[str, object]:
    """The trials as a table, best first; the best one's hyperparameters; the figures."""
    nothing: dict[str, object] = {"header": (), "rows": (), "best": None, "best_text": "", "figures": ()}
    if not metric:
        return nothing
    order = f"({query}) ORDER BY {write_name(metric)} {'ASC' if is_less else 'DESC'}"
    result = searcher.quiet_result(order, resource=TRIALS)
    records = result.between(0, TRIALS_SHOWN)
    if not records:
        return nothing
    names = list(dict.fromkeys(f"HyperParameters.{one.name}" for one in ranges))
    props = [result.property(name) for name in (metric, "TrainingJobStatus", *names, "BillableTimeInSeconds")]
    table = result.limited(TRIALS_SHOWN).to_arrow([prop.name for prop in props]).to_pylist()
    rows = [
        TrialRow(
            record.name,
            RecordAddress(TRIALS, record.name).url(),
            tuple(kind_text(cell, prop.kind) for cell, prop in zip(row.values(), props, strict=True)),
        )
        for record, row in zip(records, table, strict=True)
    ]
    best = records[0] if table[0][props[0].name] is not None else None
    parameters = best.document.get("HyperParameters") if best is not None else None
    return {
        "header": [prop.name for prop in props],
        "rows": rows,
        "best": rows[0] if best is not None else None,
        "best_text": orjson.dumps(parameters, option=orjson.OPT_INDENT_2).decode() if parameters else "",
        "figures": list(_figures(result, metric, names, is_less=is_less)),
    }


def _figures(trials: Result, metric: str, names: list[str], *, is_less: bool) -> Iterator[ShownFigure]:
    """The course, the importance, a slice for each range, and all ranges; what cannot be drawn is left out."""
    requests = [
        FigureRequest("best-so-far", (metric,), direction="min" if is_less else "max"),
        FigureRequest("importance", (metric, *names)),
        *(FigureRequest("scatter", (name, metric)) for name in names[:_SLICES_MAX]),
        *([FigureRequest("parallel", (metric, *names))] if names else []),
    ]
    matches = RememberedMatches(trials)
    for request in requests:
        try:
            figure = draw(matches, request)
        except RequestError:
            continue
        yield shown_figure(figure)
