"""Every shape of export is recognised by its content, alone and inside others; what is none of them says so."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
import numpy as np
import pytest

from smsearch.errors import ExportError
from smsearch.ingest.recognition import Path, Recognised
from smsearch.ingest.shapes import recognise
from smsearch.schema import catalogue, operations
from tests.ingest.sample import ARN, job
from tests.ingest.test_normalise import MISSING, NAType

if TYPE_CHECKING:
    from collections.abc import Callable

SUMMARY = {name: job()[name] for name in ("TrainingJobName", "TrainingJobArn", "TrainingJobStatus")}


def known(value: object, path: Path = ()) -> list[Recognised]:
    """The records in a value that holds nothing else."""
    found = list(recognise(value, path))
    errors = [one for one in found if isinstance(one, ExportError)]
    assert errors == []
    return [one for one in found if isinstance(one, Recognised)]


def only(value: object) -> Recognised:
    """The one record in a value."""
    (found,) = known(value)
    return found


def refusal(value: object) -> str:
    """Why a value is no record."""
    (found,) = recognise(value)
    assert isinstance(found, ExportError)
    assert found.hint
    return found.message


def test_a_bare_record_comes_back_as_it_is() -> None:
    document = job()
    found = only(document)
    assert (found.kind, found.is_partial) == ("TrainingJob", False)
    assert found.members is document


def test_a_page_of_search_gives_its_records_of_any_kind() -> None:
    trial = {"TrialName": "t", "TrialArn": f"{ARN}experiment-trial/t"}
    page = {"Results": [{"TrainingJob": job()}, {"Trial": trial}, job("bare")], "NextToken": "AQ", "TotalHits": {}}
    assert [one.kind for one in known(page)] == ["TrainingJob", "ExperimentTrial", "TrainingJob"]
    assert known(page)[1].members is trial


def test_a_bad_result_costs_no_other() -> None:
    found = list(recognise({"Results": [{"TrainingJob": job()}, {"x": 1}, None, {"TrainingJob": job("b")}]}))
    assert [isinstance(one, Recognised) for one in found] == [True, False, False, True]


def test_a_list_page_gives_partial_records() -> None:
    page = {"TrainingJobSummaries": [SUMMARY, SUMMARY], "NextToken": "x", "ResponseMetadata": {}}
    assert [(one.kind, one.is_partial) for one in known(page)] == [("TrainingJob", True)] * 2
    assert known(SUMMARY, ("TrainingJobSummaries", 0))[0].is_partial


def test_a_record_with_a_list_of_such_a_name_is_no_list_page() -> None:
    trial = {
        "TrialName": "t",
        "TrialArn": f"{ARN}experiment-trial/t",
        "ExperimentName": "e",
        "CreationTime": 1,
        "TrialComponentSummaries": [{"TrialComponentName": "c"}],
    }
    assert only(trial).kind == "ExperimentTrial"


def test_a_recording_is_opened() -> None:
    recording = {"status_code": 200, "data": {"TrainingJobSummaries": [SUMMARY], "ResponseMetadata": {}}}
    assert only(recording).is_partial
    assert only({"status_code": 200, "data": job()}).kind == "TrainingJob"
    assert "Error" in refusal({"status_code": 400, "data": {"Error": {"Code": "ValidationException"}}})


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("TrainingJob", job()),
        ("TransformJob", {"TransformJobName": "t", "TransformJobArn": f"{ARN}transform-job/t", "Tags": {"a": "b"}}),
        ("HyperParameterTuningJob", {"HyperParameterTuningJobName": "h", "HyperParameterTuningJobStatus": "Failed"}),
        ("Endpoint", {"EndpointName": "e", "EndpointArn": f"{ARN}endpoint/e", "EndpointStatus": "IN_SERVICE"}),
        ("ModelPackage", {"ModelPackageName": "g/1", "ModelPackageArn": f"{ARN}model-package/g/1"}),
        (
            "PipelineExecution",
            {"PipelineArn": f"{ARN}pipeline/p", "PipelineExecutionArn": f"{ARN}pipeline/p/execution/x"},
        ),
    ],
)
def test_an_event_of_any_kind_gives_its_detail(kind: str, detail: dict[str, Any]) -> None:
    event = {"version": "0", "detail-type": "SageMaker State Change", "source": "aws.sagemaker", "detail": detail}
    found = only(event)
    assert (found.kind, found.members) == (kind, detail)
    assert only({**event, "detailType": event["detail-type"]}).kind == kind


def test_an_event_of_something_else_says_so() -> None:
    message = refusal({"version": "0", "detail-type": "EC2 Instance State-change", "detail": {"instance-id": "i-0"}})
    assert message == "The event 'EC2 Instance State-change' holds no record."


def task(**members: object) -> dict[str, Any]:
    return {"resourceType": "sagemaker", "resource": "createTrainingJob.sync", **members}


def test_a_task_is_the_request_or_the_arn_that_came_back() -> None:
    request = {"TrainingJobName": "a", "AlgorithmSpecification": {}}
    assert only(task(parameters=request)) == Recognised("TrainingJob", request, is_partial=True)
    answer = {"TrainingJobArn": ARN + "training-job/a", "SdkHttpMetadata": {}}
    assert only(task(output=answer)) == Recognised("TrainingJob", answer, is_partial=True)
    assert only({**task(parameters={"ModelName": "m"}), "resource": "createModel"}).members == {
        "Model": {"ModelName": "m"}
    }


@pytest.mark.parametrize("bad", [task(), task(parameters="{}"), {**task(parameters={}), "resource": "listTags"}])
def test_a_task_that_makes_no_record_says_so(bad: dict[str, Any]) -> None:
    assert refusal(bad).startswith("The task ")


def spelled(value: object, style: str) -> object:
    """A document with its members in another spelling; hyperparameters' own names stay."""
    if isinstance(value, list):
        return [spelled(one, style) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        (name[0].lower() + name[1:])
        if style == "camel"
        else "".join(f"_{c}" if c.isupper() else c for c in name)[1:].lower(): (
            below if name == "HyperParameters" else spelled(below, style)
        )
        for name, below in value.items()
    }


@pytest.mark.parametrize("style", ["snake", "camel"])
@pytest.mark.parametrize(
    "document",
    [job(), {"Results": [{"TrainingJob": job()}]}, {"TrainingJobSummaries": [SUMMARY]}, {"TrainingJob": job()}],
)
def test_other_spellings_are_the_same_shapes(document: dict[str, Any], style: str) -> None:
    assert only(spelled(document, style)).kind == "TrainingJob"


def test_a_row_of_a_table_has_its_own_name_and_arn() -> None:
    row = {"name": "a", "arn": f"{ARN}training-job/a", "training_job_status": "Failed", "title": "a", "akas": ["x"]}
    found = only({**row, "region": "us-east-1", "account_id": "1", "tags": None})
    assert found.kind == "TrainingJob"
    assert found.members["TrainingJobName"] == "a"
    assert found.members["TrainingJobArn"] == row["arn"]
    assert found.members["akas"] == ["x"]
    assert only({"role_arn": "arn:aws:iam::1:role/r", **row, "note_a": 1, "note_b": 2}).kind == "TrainingJob"
    model = only({"name": "m", "arn": f"{ARN}model/m", "creation_time": "2024-01-01"})
    assert model.members["Model"]["ModelName"] == "m"


def test_a_row_of_a_data_frame_is_lifted() -> None:
    row = {
        "eta": 0.49,
        "max_depth": 7.0,
        "booster": "dart",
        "dropped": None,
        "nan": float("nan"),
        "flag": True,
        "TrainingJobName": "a",
        "TrainingJobStatus": "Completed",
        "TrainingElapsedTimeSeconds": 58.0,
        "FinalObjectiveValue": 0.5,
        "TuningJobName": "t",
        "validation:accuracy": 0.887,
        "train:note": "text",
    }
    found = only(row)
    assert (found.kind, found.is_partial) == ("TrainingJob", True)
    assert found.members == {
        "TrainingJobName": "a",
        "TrainingJobStatus": "Completed",
        "TrainingElapsedTimeSeconds": 58.0,
        "FinalObjectiveValue": 0.5,
        "TuningJobName": "t",
        "HyperParameters": {
            "eta": "0.49",
            "max_depth": "7",
            "booster": "dart",
            "flag": "true",
            "train:note": "text",
        },
        "FinalMetricDataList": [{"MetricName": "validation:accuracy", "Value": 0.887}],
    }


def test_a_plain_unknown_field_makes_no_data_frame() -> None:
    document = {name: value for name, value in job(QubitCount="seventeen").items() if isinstance(value, str)}
    assert only(document).members is document


def test_a_summary_of_a_tuning_job_says_its_hyperparameters_and_metric_twice() -> None:
    metric = {"MetricName": "auc", "Value": 0.9}
    summary = {
        **SUMMARY,
        "TunedHyperParameters": {"eta": "1"},
        "FinalHyperParameterTuningJobObjectiveMetric": {**metric, "Type": "Maximize"},
        "ObjectiveStatus": "Succeeded",
    }
    for found in (only(summary), only({"TrainingJobSummaries": [summary]})):
        assert found.is_partial
        assert found.members == {**summary, "HyperParameters": {"eta": "1"}, "FinalMetricDataList": [metric]}
    full = job(TunedHyperParameters={"eta": "1"})
    assert only(full).members["HyperParameters"] == {"epochs": "3"}


def test_what_describe_shows_of_a_model_stands_inside_the_record() -> None:
    model = {"ModelName": "m", "ModelArn": f"{ARN}model/m", "CreationTime": 1}
    record = {"Model": model, "Endpoints": []}
    assert only(model).members == {"Model": model}
    assert only({"Model": model}).members == {"Model": model}
    assert only({"Model": record}).members == record
    assert only({"Results": [{"Model": record}]}).members == record
    assert only({"Models": [model]}) == Recognised("Model", {"Model": model}, is_partial=True)


def test_shapes_nest() -> None:
    page = {"Results": [{"TrainingJob": job()}]}
    event = {"detail-type": "SageMaker Training Job State Change", "detail": job()}
    nested = [page, [{"status_code": 200, "data": page}, [event]], task(parameters={"TrainingJobName": "a"})]
    assert [one.kind for one in known(nested)] == ["TrainingJob"] * 4


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 1},
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]},
        {"name": "package", "version": "1.0.0"},
        {"version": 4, "terraform_version": "1.5", "resources": [], "outputs": {}},
        {"FeatureName": "age"},
        {"Version": 1},
        {"JobName": "nightly", "Schedule": "0 0 * * *", "Command": "x", "Owner": "me"},
        {"arn": "arn:aws:s3:::bucket", "name": "bucket"},
        {1: 2},
        {"Results": 1, "status_code": 1, "data": 2, "detail": 3, "detail-type": 4},
        {"TrainingJob": "a name"},
        {"TrainingJobSummaries": "none"},
        {"Error": {"Code": "Throttling"}},
        "a text",
        42,
        1.5,
        True,
        None,
        b"bytes",
    ],
    ids=repr,
)
def test_what_is_no_record_says_why(value: object) -> None:
    assert refusal(value)


def test_the_reason_names_the_members() -> None:
    message = refusal({f"Member{number}": number for number in range(20)})
    assert "Member0, Member1" in message
    assert "Member19" not in message
    assert "none" in refusal({})


def test_an_own_arn_is_enough_whatever_else_there_is() -> None:
    strange = {f"note_{number}": number for number in range(30)}
    assert only({"TrainingJobArn": ARN + "training-job/a", **strange}).kind == "TrainingJob"
    assert refusal({"TrainingJobArn": "to be filled in", **strange})


def test_many_different_objects_are_not_all_remembered() -> None:
    from smsearch.ingest import envelopes, kinds, shapes

    for number in range(5_000):
        list(recognise({f"key-{number}": 1}))
    memories = (kinds._of_members, kinds._of_owned, envelopes._openers, shapes._usual)  # noqa: SLF001 - what grows is not public
    assert all(memory.cache_info().currsize <= 4_096 for memory in memories)
    before = [memory.cache_info().currsize for memory in memories]
    list(recognise({f"key-{number}": 1 for number in range(1_000)}))
    assert [memory.cache_info().currsize for memory in memories] == before


@cache
def service() -> Any:  # noqa: ANN401 - botocore is untyped
    return botocore.session.get_session().get_service_model("sagemaker")


def example(shape: Any, depth: int = 0) -> object:  # noqa: ANN401 - botocore is untyped
    """A value of a shape with every member, a few levels down."""
    match shape.type_name:
        case "structure":
            return {name: example(below, depth + 1) for name, below in shape.members.items()} if depth < 3 else {}
        case "list":
            return [example(shape.member, depth + 1)] if depth < 3 else []
        case "map":
            return {"key": example(shape.value, depth + 1)}
        case "timestamp":
            return "2024-01-01T00:00:00Z"
        case "boolean":
            return True
        case "integer" | "long" | "float" | "double":
            return 1
        case _:
            return (getattr(shape, "enum", None) or ["text"])[0]


def arn_of(kind: str) -> str:
    """An ARN of a kind, with the types that its ARNs have."""
    own, _, deeper = catalogue.resource(kind).arn_type.partition("/")
    return f"{ARN}{own}/text/{deeper}/text" if deeper else f"{ARN}{own}/text"


def with_arn(kind: str, value: object) -> dict[str, Any]:
    """An example with the kind's own ARN, whatever its member is called."""
    assert isinstance(value, dict)
    own = catalogue.resource(kind).arn[-1]
    return {name: arn_of(kind) if name in {own, f"Monitoring{own}"} else below for name, below in value.items()}


def described(kind: str) -> dict[str, Any]:
    resource = catalogue.resource(kind)
    value = example(service().operation_model(f"Describe{resource.record_key}").output_shape)
    assert isinstance(value, dict)
    if resource.wrapper:
        return {**value, resource.wrapper: with_arn(kind, value[resource.wrapper])}
    return with_arn(kind, value)


DESCRIBED = [
    kind for kind in catalogue.kinds() if f"Describe{catalogue.resource(kind).record_key}" in service().operation_names
]


@pytest.mark.parametrize("kind", DESCRIBED)
def test_the_answer_of_every_describe_operation_is_recognised(kind: str) -> None:
    whole = described(kind)
    assert only(whole).kind == kind
    assert only({**whole, "ResponseMetadata": {}}).kind == kind
    assert only(spelled(whole, "snake")).kind == kind
    key = catalogue.resource(kind).record_key
    assert only({"Results": [{key: whole}]}).kind == kind


@pytest.mark.parametrize("kind", DESCRIBED)
def test_the_least_of_an_answer_is_recognised(kind: str) -> None:
    shape = service().operation_model(f"Describe{catalogue.resource(kind).record_key}").output_shape
    resource = catalogue.resource(kind)
    shape = shape.members[resource.wrapper] if resource.wrapper else shape
    required = {name: example(shape.members[name]) for name in shape.required_members}
    own = {resource.arn[-1]: arn_of(kind), resource.name_path[-1]: "text"}
    least = {name: value for name, value in own.items() if name in shape.members}
    answer = {**required, **least}
    assert only({resource.wrapper: answer} if resource.wrapper else answer).kind == kind


def lists() -> list[tuple[str, str, str, Any]]:
    """Operation, kind, list member and element of every List operation whose elements are records."""
    asked = [operations.operation(name) for name in operations.names()]
    return [
        (one.name, one.kind, one.results, service().operation_model(one.name).output_shape.members[one.results].member)
        for one in asked
        if one.results and not one.batch
    ]


@pytest.mark.parametrize(("name", "kind", "key", "element"), lists(), ids=[name for name, *_ in lists()])
def test_the_answer_of_every_list_operation_is_recognised(name: str, kind: str, key: str, element: Any) -> None:  # noqa: ANN401
    page = {key: [with_arn(kind, example(element))] * 2, "NextToken": name}
    assert [(one.kind, one.is_partial) for one in known(page)] == [(kind, True)] * 2


def test_a_list_of_a_name_that_others_use_too_is_opened_if_its_rows_are_records() -> None:
    app, partner = ({"Arn": f"{ARN}{kind}/a", "Name": "a"} for kind in ("mlflow-app", "partner-app"))
    assert [one.kind for one in known({"Summaries": [app, partner]})] == ["MlflowApp", "PartnerApp"]
    assert refusal({"Steps": [{"Id": "s-1", "Name": "of another service"}]})
    event = {"EventId": "1", "ClusterArn": f"{ARN}cluster/c", "ClusterName": "c", "EventTime": 1}
    assert only({"Events": [event]}).kind == "ClusterEvent"
    assert refusal({"events": [{"id": 1, "type": "TaskStateEntered"}]})


def test_what_describe_puts_under_a_member_of_its_own_is_taken_out() -> None:
    node = {"InstanceId": "i-1", "InstanceGroupName": "g", "InstanceType": "ml.c5.large"}
    assert only({"NodeDetails": node, "ResponseMetadata": {}}).kind == "ClusterNode"
    session = {"TrainingSessionArn": f"{ARN}training-session/s", "TrainingSessionName": "s"}
    assert only({"TrainingSessionDetail": session}) == Recognised("TrainingSession", session)
    extension = {"ExtensionArn": f"{ARN}extension/eks-a/b/c", "ExtensionName": "b", "Status": "Active"}
    whole = {"ExtensionDetails": extension, "NodeSummary": {"TotalCount": 2}, "Health": {"Issues": []}}
    assert only(whole).members == {**extension, "NodeSummary": {"TotalCount": 2}, "Health": {"Issues": []}}


def test_kinds_that_share_the_name_of_their_arn_are_told_apart_by_it() -> None:
    for kind in ("Job", "InferenceRecommendationsJob"):
        assert only({"JobName": "a", "JobArn": arn_of(kind), "RoleArn": "r"}).kind == kind
    for kind in ("DataQuality", "ModelBias", "ModelQuality", "ModelExplainability"):
        definition = {"JobDefinitionName": "a", "JobDefinitionArn": arn_of(f"{kind}JobDefinition"), "RoleArn": "r"}
        assert only(definition).kind == f"{kind}JobDefinition"
    assert only({"arn": arn_of("ModelCardExportJob"), "name": "a"}).kind == "ModelCardExportJob"


@pytest.mark.parametrize("endpoints", ["Endpoints", "endpoints"])
def test_a_model_with_its_endpoints_is_a_model_and_no_list_of_endpoints(endpoints: str) -> None:
    model = {"ModelName": "m", "ModelArn": "arn:aws:sagemaker:us-east-1:111122223333:model/m"}
    inside = {"EndpointName": "e", "EndpointArn": "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e"}
    found = only({"Model": model, endpoints: [inside]})
    assert found.kind == "Model"
    assert set(found.members) == {"Model", endpoints}


WRAPPED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "alone": lambda record: record,
    "a result": lambda record: {"TrainingJob": record},
    "a page": lambda record: {"Results": [{"TrainingJob": record}], "NextToken": NAType()},
    "a flattened result": lambda record: {f"TrainingJob.{name}": value for name, value in record.items()},
}


@pytest.mark.parametrize("wrap", WRAPPED)
@pytest.mark.parametrize(
    "name",
    ["TrainingJobArn", "TrainingJobName", "FailureReason", "Tags", "HyperParameters.lr", "arn", "loss:last", "New"],
)
@pytest.mark.parametrize("cell", [*MISSING, np.array([]), np.array(["a", "b"])], ids=repr)
def test_a_cell_of_a_data_frame_hides_no_record(cell: object, name: str, wrap: str) -> None:
    """NA has no truth and arrays compare element by element, and either may be under any member."""
    assert [one.kind for one in known([WRAPPED[wrap]({**job(), name: cell})])] == ["TrainingJob"]


@pytest.mark.parametrize("cell", [*MISSING, np.array([])], ids=repr)
def test_an_empty_cell_is_no_identity(cell: object) -> None:
    assert "It is no record" in refusal({"TrainingJobArn": cell, "TrainingJobName": cell, "Extra": 1})
