"""What ListTrainingJobsForHyperParameterTuningJob says of a job beyond the job's own record.

The summary has the hyperparameters that were tuned, the objective metric and what became of it. A record that a List
operation gave has them; for any other they are worked out of the tuning job's ranges and objective and of the training
job's hyperparameters and metrics. It knows nothing of pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

OPERATION: Final = "ListTrainingJobsForHyperParameterTuningJob"
OWNER: Final = "HyperParameterTuningJobName"
BY_METRIC: Final = "FinalObjectiveMetricValue"
"""The value of SortBy that orders by the objective metric, and leaves out jobs without one."""
_METRIC_PARAMETER: Final = "_tuning_objective_metric"
"""The hyperparameter in which the service tells a job its objective metric."""
_NOT_TUNED: Final = ("_", "sagemaker_")
"""How hyperparameters begin that no range is of."""
_UNDER_WAY: Final = {"InProgress", "Stopping"}


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a tuning job says of its training jobs.

    Attributes:
        name: The tuning job's name.
        tuned: The hyperparameters that have ranges, or None if the dump does not tell.
        metric: The objective metric's name, or `""`.
        goal: `Minimize` or `Maximize`, or `""`.
    """

    name: str
    tuned: frozenset[str] | None
    metric: str
    goal: str


def tuning_of(name: str, searcher: Searcher) -> Tuning:
    """What the tuning job of a name says; what it does not say, one of its training jobs may."""
    record = next(iter(searcher.engine.find("HyperParameterTuningJob", name)), None)
    document = record.document if record is not None else {}
    config = _object(document, "HyperParameterTuningJobConfig")
    definitions = [_object(document, "TrainingJobDefinition"), *_objects(document, "TrainingJobDefinitions")]
    ranges = [_object(config, "ParameterRanges"), *(_object(one, "HyperParameterRanges") for one in definitions)]
    tuned = frozenset(name for one in ranges for name in _names(one))
    objectives = [
        _object(config, "HyperParameterTuningJobObjective"),
        *(_object(one, "TuningObjective") for one in definitions),
    ]
    objective = next((one for one in objectives if isinstance(one.get("MetricName"), str)), {})
    own_name = record.name if record is not None and record.name else name.rpartition("/")[2]
    return Tuning(own_name, tuned or None, str(objective.get("MetricName", "")), str(objective.get("Type", "")))


def _names(ranges: Mapping[str, Any]) -> Iterator[str]:
    """The hyperparameters in the lists of ranges of every sort."""
    for name in ranges:
        for one in _objects(ranges, name):
            if isinstance(one.get("Name"), str):
                yield one["Name"]


def metric_property(tuning: Tuning, searcher: Searcher) -> Property | None:
    """The objective metric as a property of training jobs; None if the dump does not tell which it is."""
    if not tuning.metric:
        return None
    return searcher.engine.schema("TrainingJob").property(f"Metrics.{tuning.metric}")


def worked_out(record: Record, tuning: Tuning, searcher: Searcher) -> dict[str, Any]:
    """The members of a training job's summary that its record may lack, as far as the dump tells them."""
    document = record.document
    parameters = _object(document, "HyperParameters")
    members: dict[str, Any] = {"TuningJobName": tuning.name}
    members["TunedHyperParameters"] = {
        name: value
        for name, value in parameters.items()
        if (name in tuning.tuned if tuning.tuned is not None else not name.startswith(_NOT_TUNED))
    }
    metric = tuning.metric or str(parameters.get(_METRIC_PARAMETER, ""))
    if metric:
        prop = searcher.engine.schema("TrainingJob").property(f"Metrics.{metric}")
        values = read.raw_values(document, prop.steps)
        if values:
            goal = {"Type": tuning.goal} if tuning.goal else {}
            objective = {**goal, "MetricName": metric, "Value": values[0]}
            members["FinalHyperParameterTuningJobObjectiveMetric"] = objective
        is_pending = document.get("TrainingJobStatus") in _UNDER_WAY
        members["ObjectiveStatus"] = "Succeeded" if values else "Pending" if is_pending else "Failed"
    return members


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    below = value.get(name)
    return below if isinstance(below, dict) else {}


def _objects(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    below = value.get(name)
    return [one for one in below if isinstance(one, dict)] if isinstance(below, list) else []
