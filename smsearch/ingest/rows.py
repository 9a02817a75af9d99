"""Turns rows of tables and data frames into the members of records.

A table of cloud resources has generic columns for name and ARN; a tuning job's data frame has a column for each
hyperparameter and metric; a tuning job's list of training jobs says both under names of its own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.ingest import kinds
from smsearch.ingest.json_values import is_missing
from smsearch.schema import catalogue, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, fold
from smsearch.schema.decode import loads
from smsearch.schema.families import FAMILIES, METRICS, METRICS_LIST, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smsearch.schema.catalogue import Resource, Shape

TUNED: Final = "TunedHyperParameters"
_TUNED_METRIC: Final = "FinalHyperParameterTuningJobObjectiveMetric"
_ACCOUNT: Final = "account_id"
_ACCOUNT_DIGITS: Final = 12
_OF_ROWS: Final = frozenset({"name", "arn", _ACCOUNT, TUNED, _TUNED_METRIC})
"""Members that `with_own_names` and `with_tuned` do something about."""
_FRAME_KIND: Final = "TrainingJob"
_FRAME_NAME: Final = "TrainingJobName"
_EXACT_MAX: Final = 1e15
"""Below this a double tells all integers apart."""


def with_own_names(resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
    """A row whose `name` and `arn` are the record's, under the record's own members, and `account_id` a text."""
    own = {"name": resource.name_path[-1], "arn": resource.arn[-1]}
    account = row.get(_ACCOUNT)
    if account.__class__ is int:
        row = {**row, _ACCOUNT: f"{account:0{_ACCOUNT_DIGITS}d}"}
    if not own.keys() & row.keys():
        return row
    there = {fold(str(key)) for key in row}
    renamed = {column: member for column, member in own.items() if fold(member) not in there}
    return {renamed.get(key, key): value for key, value in row.items()} if renamed else row


def unflattened(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row whose columns are paths, as `pandas.json_normalize` makes them, with its structures and maps again.

    `HyperParameters.eta` is the entry `eta` of a map, `ResourceConfig.InstanceType` a member of a structure. As in the
    data frame of a result, `Tags.team` and `Metrics.loss` are elements of lists, and other lists may be JSON text. A
    column of which the model knows no such thing stays as it is. So does a row in which no column has a point.
    """
    if not any("." in str(column) for column in row):
        return row
    resource = catalogue.resource(kind)
    inner = resource.root.member(resource.inner) if resource.inner else resource.root
    root = inner if isinstance(inner, Structure) else None
    whole: dict[str, Any] = {}
    pairs: dict[str, dict[str, dict[str, Any]]] = {}
    for column, value in row.items():
        if value is None or is_missing(value):
            continue
        pair = _pair(str(column), root) if root is not None else None
        if pair is not None and pair.in_list not in row:
            of_key = pairs.setdefault(pair.in_list, {}).setdefault(pair.key, {pair.key_member: pair.key})
            of_key[pair.member] = value
            continue
        *names, last = _steps(column, inner, value)
        below = whole
        for name in names:
            within = below.setdefault(name, {})
            below = within if isinstance(within, dict) else below
        below.setdefault(last, _list_of(value, root, last) if below is whole else value)
    return whole | {name: list(by_key.values()) for name, by_key in pairs.items()}


class _Pair(NamedTuple):
    """What a column such as `Tags.team` is: a member of the element of a list that has the user's own key."""

    in_list: str
    key_member: str
    key: str
    member: str


def _pair(column: str, root: Structure) -> _Pair | None:
    head, _, rest = column.partition(".")
    name = root.spelled(head) or (root.spelled(METRICS_LIST) if fold(head) == fold(METRICS) else None)
    pairs = pairs_of(root.member(name)) if rest and name is not None else None
    if name is None or pairs is None:
        return None
    element, family = pairs
    members = family.suffixes or (() if family.hides_members else element.members)
    key, _, member = rest.rpartition(".")
    if key and member in members:
        return _Pair(name, family.key, key, member)
    return _Pair(name, family.key, rest, family.value[0])


def _list_of(value: object, root: Structure | None, column: str) -> object:
    """The list that a column of JSON text holds; any other value as it is."""
    if not isinstance(value, str) or not value.startswith("[") or root is None:
        return value
    name = root.spelled(column)
    if name is None or not isinstance(root.member(name), ListOf):
        return value
    try:
        return loads(value.encode())
    except ValueError:
        return value


def _steps(column: object, reached: Shape, raw: object) -> list[str]:
    """The members that a flattened column's name is made of, with the user's own key, on the way to its value."""
    text, steps = str(column), []
    while isinstance(reached, Structure):
        name, point, rest = text.partition(".")
        spelled = reached.spelled(name)
        if not point or not rest or spelled is None or not isinstance(reached.member(spelled), Structure | MapOf):
            break
        reached = reached.member(spelled)
        steps.append(spelled)
        text = rest
    if isinstance(reached, MapOf) and isinstance(value := catalogue.shape(reached.value), Structure):
        key, point, member = text.rpartition(".")
        if point and value.spelled(member) is not None:
            return [*steps, key, member]
        if value.name in FAMILIES and not isinstance(raw, dict):
            return [*steps, text, _member_for(raw, value)]
    return [*steps, text]


def _member_for(raw: object, value: Structure) -> str:
    """The member of a map's value that holds a plain one: NumberValue of a number, StringValue of a text."""
    is_number = isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)
    first, *others = FAMILIES[value.name].value
    reached = value.member(first)
    return first if not others or (isinstance(reached, Scalar) and reached.kind.is_number is is_number) else others[0]


def with_tuned(members: dict[str, Any]) -> dict[str, Any]:
    """A tuning job's summary of a training job, what it says of it also under the job's own members."""
    if TUNED not in members and _TUNED_METRIC not in members:
        return members
    lifted = dict(members)
    there = {fold(str(name)) for name in members}
    tuned, metric = members.get(TUNED), members.get(_TUNED_METRIC)
    if isinstance(tuned, dict) and fold("HyperParameters") not in there:
        lifted["HyperParameters"] = tuned
    if isinstance(metric, dict) and "MetricName" in metric and fold("FinalMetricDataList") not in there:
        lifted["FinalMetricDataList"] = [{name: metric[name] for name in ("MetricName", "Value") if name in metric}]
    owner, arn = members.get("TuningJobName"), members.get("TrainingJobArn")
    if isinstance(owner, str) and isinstance(arn, str) and fold("TuningJobArn") not in there:
        lifted["TuningJobArn"] = f"{arn.rpartition(':')[0]}:hyper-parameter-tuning-job/{owner}"
    return lifted


def may_be_row(names: Iterable[str]) -> bool:
    """Whether an object with members of these names may be a row of a table or frame, or what a tuning job says."""
    return any(name in _OF_ROWS or ":" in name or fold(name) in kinds.FRAME_COLUMNS for name in names)


def is_frame_row(kind: str, row: Mapping[str, Any]) -> bool:
    """Whether it is a row of a data frame of training jobs: plain values, and columns that only a frame has."""
    if kind != _FRAME_KIND or _FRAME_NAME not in row:
        return False
    if any(isinstance(value, dict | list) for value in row.values()):
        return False
    return any(fold(key) in kinds.FRAME_COLUMNS or (_is_metric(key, value)) for key, value in row.items())


def _is_metric(column: str, value: object) -> bool:
    return ":" in column and isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def of_frame(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A data frame's row as members: a number under a name with a colon is a metric, else a hyperparameter.

    What the frame has no value for (null, NaN, NaT, NA) is left out.
    """
    own_columns = kinds.vocabulary(kind) | kinds.FRAME_COLUMNS | kinds.METADATA
    members: dict[str, Any] = {}
    metrics: list[dict[str, Any]] = []
    hyperparameters: dict[str, str] = {}
    for column, value in row.items():
        if value is None or is_missing(value):
            continue
        if fold(column) in own_columns:
            members[column] = value
        elif _is_metric(column, value):
            metrics.append({"MetricName": column, "Value": value})
        else:
            hyperparameters[column] = _spelled(value)
    if hyperparameters:
        members["HyperParameters"] = hyperparameters
    if metrics:
        members["FinalMetricDataList"] = metrics
    return members


def _spelled(value: object) -> str:
    """A value as the API spells a hyperparameter: text; a float that is whole was an integer before the frame."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_MAX:
        return str(int(value))
    text = values.text_of(value)
    return text if isinstance(text, str) else str(value)
