"""The service by itself: operations by name, bytes in and bytes out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.schema import catalogue, operations
from smsearch.schema.catalogue import ListOf, Scalar, Structure
from smsearch.service import Service, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.schema.catalogue import Shape

ACCOUNT = "arn:aws:sagemaker:us-east-1:111122223333"


def job(name: str, day: int, **more: object) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"{ACCOUNT}:training-job/{name}",
        "TrainingJobStatus": "Completed",
        "CreationTime": f"2024-01-{day:02}T10:00:00Z",
        "LastModifiedTime": f"2024-01-{day:02}T11:00:00.250000Z",
        **more,
    }


RECORDS = (
    job("cat-1", 1, Tags=[{"Key": f"k{i:02}", "Value": str(i)} for i in range(60)], HyperParameters={"lr": "0.1"}),
    job("cat-2", 2, TrainingJobStatus="Failed", Invented={"deep": 1}, ResourceConfig={"InstanceCount": 2, "New": "x"}),
    job("dog-1", 3, TuningJobArn=f"{ACCOUNT}:hyper-parameter-tuning-job/tune"),
    {
        "HyperParameterTuningJobName": "tune",
        "HyperParameterTuningJobArn": f"{ACCOUNT}:hyper-parameter-tuning-job/tune",
        "HyperParameterTuningJobConfig": {"Strategy": "Bayesian", "ResourceLimits": {"MaxParallelTrainingJobs": 2}},
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": 1704103200.5,
    },
    {
        "ExperimentName": "exp",
        "ExperimentArn": f"{ACCOUNT}:experiment/exp",
        "Source": {"SourceArn": f"{ACCOUNT}:training-job/cat-1"},
        "CreationTime": "2024-01-01T00:00:00Z",
    },
    {
        "TrialComponentName": "part",
        "TrialComponentArn": f"{ACCOUNT}:experiment-trial-component/part",
        "Source": {"SourceArn": f"{ACCOUNT}:training-job/cat-1", "SourceType": "SageMakerTrainingJob"},
        "Parents": [{"TrialName": "try", "ExperimentName": "exp"}],
        "CreationTime": "2024-01-01T00:00:00Z",
    },
    {
        "CompilationJobName": "neo",
        "CompilationJobArn": f"{ACCOUNT}:compilation-job/neo",
        "CompilationJobStatus": "COMPLETED",
        "CreationTime": 1704103200,
        "OutputConfig": {"S3OutputLocation": "s3://b/o", "TargetPlatform": {"Os": "LINUX", "Arch": "X86_64"}},
    },
)


@pytest.fixture(scope="module", params=["memory", "store"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Service:
    if request.param == "memory":
        return Service(smsearch.from_records(RECORDS))
    folder = tmp_path_factory.mktemp("service")
    dump = folder / "dump.jsonl"
    dump.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    smsearch.build([dump], folder / "store")
    return Service(smsearch.open(folder / "store"))


def ask(service: Service, operation: str, **members: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(service.answer(operation, json.dumps(members).encode()))


def refusal(service: Service, operation: str, **members: object) -> tuple[str, str]:
    with pytest.raises(ServiceError) as refused:
        ask(service, operation, **members)
    assert refused.value.status == 400
    return refused.value.code, refused.value.message


def names(service: Service, **members: object) -> list[str]:
    page = ask(service, "ListTrainingJobs", **members)
    return [summary["TrainingJobName"] for summary in page["TrainingJobSummaries"]]


def test_describe_shows_the_members_of_describe_and_no_others(service: Service) -> None:
    shown = ask(service, "DescribeTrainingJob", TrainingJobName="cat-2")
    assert shown["CreationTime"] == 1704189600
    assert shown["LastModifiedTime"] == 1704193200.25
    assert shown["ResourceConfig"] == {"InstanceCount": 2}
    assert "Invented" not in shown
    assert "Tags" not in ask(service, "DescribeTrainingJob", TrainingJobName="cat-1")


def test_describe_shows_the_latest_version_where_none_is_named() -> None:
    versions = [
        {
            "ImageVersionArn": f"{ACCOUNT}:image-version/box/{version}",
            "ImageArn": f"{ACCOUNT}:image/box",
            "Version": version,
            "LastModifiedTime": f"2024-01-{30 - version:02}T00:00:00Z",
        }
        for version in (9, 10, 8)
    ]
    image = {"ImageName": "box", "ImageArn": f"{ACCOUNT}:image/box"}
    service = Service(smsearch.from_records([*versions, image]))
    assert ask(service, "DescribeImageVersion", ImageName="box")["Version"] == 10
    assert ask(service, "DescribeImageVersion", ImageName="box", Version=8)["Version"] == 8


def test_describe_shows_what_the_second_version_of_an_operation_tells() -> None:
    made = {
        "AutoMLJobName": "auto",
        "AutoMLJobArn": f"{ACCOUNT}:automl-job/auto",
        "AutoMLJobStatus": "Completed",
        "AutoMLJobInputDataConfig": [{"ChannelType": "training", "ContentType": "text/csv"}],
        "AutoMLProblemTypeConfig": {"TabularJobConfig": {"TargetAttributeName": "label"}},
    }
    service = Service(smsearch.from_records([made]))
    assert ask(service, "DescribeAutoMLJobV2", AutoMLJobName="auto") == made
    assert ask(service, "DescribeAutoMLJob", AutoMLJobName="auto") == {
        "AutoMLJobName": "auto",
        "AutoMLJobArn": f"{ACCOUNT}:automl-job/auto",
        "AutoMLJobStatus": "Completed",
        "InputDataConfig": [],  # the model requires it
    }


def test_describe_takes_a_choice_that_leaves_nothing_out() -> None:
    card = {
        "ModelCardName": "card",
        "ModelCardArn": f"{ACCOUNT}:model-card/card",
        "ModelCardVersion": 1,
        "Content": "{}",
    }
    service = Service(smsearch.from_records([card]))
    assert ask(service, "DescribeModelCard", IncludedData="AllData", ModelCardName="card")["Content"] == "{}"


def test_values_that_exports_spell_in_their_own_way_are_what_the_service_has() -> None:
    odd = job("odd", 1, HyperParameters={"epochs": 10, "lr": 0.1}, EnableManagedSpotTraining="False", RoleArn=["no"])
    odd |= {"CreationTime": "yesterday", "ResourceConfig": {"InstanceCount": "two"}, "FinalMetricDataList": None}
    shown = ask(Service(smsearch.from_records([odd])), "DescribeTrainingJob", TrainingJobName="odd")
    assert shown["HyperParameters"] == {"epochs": "10", "lr": "0.1"}
    assert shown["EnableManagedSpotTraining"] is False
    assert shown["ResourceConfig"] == {}
    assert not {"CreationTime", "RoleArn", "FinalMetricDataList"} & shown.keys()


def test_a_union_shows_the_member_that_the_model_does_not_know_as_the_service_would() -> None:
    job = {"AIBenchmarkJobName": "a", "BenchmarkTarget": {"Cluster": {"Name": "c"}}, "Cluster": 5}
    shown = ask(Service(smsearch.from_records([job])), "DescribeAIBenchmarkJob", AIBenchmarkJobName="a")
    assert shown["BenchmarkTarget"] == {"Cluster": {"Name": "c"}}
    assert "Cluster" not in shown


def test_a_summary_holds_the_members_of_the_summary_shape(service: Service) -> None:
    page = ask(service, "ListTrainingJobs", NameContains="cat-1")
    assert page == {
        "TrainingJobSummaries": [
            {
                "TrainingJobName": "cat-1",
                "TrainingJobArn": f"{ACCOUNT}:training-job/cat-1",
                "CreationTime": 1704103200,
                "LastModifiedTime": 1704106800.25,
                "TrainingJobStatus": "Completed",
            }
        ]
    }


def test_a_summary_takes_members_from_where_the_record_has_them(service: Service) -> None:
    (neo,) = ask(service, "ListCompilationJobs")["CompilationJobSummaries"]
    assert (neo["CompilationTargetPlatformOs"], neo["CompilationTargetPlatformArch"]) == ("LINUX", "X86_64")
    assert "OutputConfig" not in neo
    (experiment,) = ask(service, "ListExperiments")["ExperimentSummaries"]
    assert experiment["ExperimentSource"] == {"SourceArn": f"{ACCOUNT}:training-job/cat-1"}
    (tuning,) = ask(service, "ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"]
    assert tuning["Strategy"] == "Bayesian"
    assert tuning["CreationTime"] == 1704103200.5


def test_a_record_that_a_list_gave_shows_what_only_that_list_tells() -> None:
    child = {
        "TrainingJobName": "child",
        "TrainingJobArn": f"{ACCOUNT}:training-job/child",
        "TuningJobName": "tune",
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {"eta": "0.5"},
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "auc", "Value": 0.75},
        "ObjectiveStatus": "Succeeded",
    }
    transform = {
        "TransformJobName": "batch",
        "TransformJobArn": f"{ACCOUNT}:transform-job/batch",
        "TransformJobStatus": "Completed",
        "LastModifiedTime": "2024-01-02T00:00:00.500000Z",
    }
    lists = [{"TrainingJobSummaries": [child]}, {"TransformJobSummaries": [transform]}]
    service = Service(smsearch.from_records([*lists, RECORDS[3]]))
    of_tuning = "ListTrainingJobsForHyperParameterTuningJob"
    assert ask(service, of_tuning, HyperParameterTuningJobName="tune")["TrainingJobSummaries"] == [child]
    assert "TunedHyperParameters" not in ask(service, "ListTrainingJobs")["TrainingJobSummaries"][0]
    assert ask(service, "ListTransformJobs")["TransformJobSummaries"] == [
        {**transform, "LastModifiedTime": 1704153600.5}
    ]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, ["cat-1", "cat-2", "dog-1"]),
        ({"SortOrder": "Descending"}, ["dog-1", "cat-2", "cat-1"]),
        ({"SortBy": "Name", "SortOrder": "Descending"}, ["dog-1", "cat-2", "cat-1"]),
        ({"SortBy": "Status"}, ["cat-1", "dog-1", "cat-2"]),
        ({"StatusEquals": "Failed"}, ["cat-2"]),
        ({"NameContains": "1"}, ["cat-1", "dog-1"]),
        ({"CreationTimeAfter": 1704189600}, ["dog-1"]),
        ({"CreationTimeBefore": 1704189600}, ["cat-1"]),
        ({"LastModifiedTimeAfter": 1704193200.2, "LastModifiedTimeBefore": 1704193200.3}, ["cat-2"]),
        ({"NameContains": "cat", "StatusEquals": "Stopped"}, []),
        ({"NameContains": "Both"}, []),
        ({"CreationTimeBefore": 253370764800}, ["cat-1", "cat-2", "dog-1"]),  # seconds, as far ahead as they are
        ({"CreationTimeAfter": 253370764800}, []),
        ({"CreationTimeBefore": 253402300800.0}, ["cat-1", "cat-2", "dog-1"]),  # what boto3 makes of datetime.max
        ({"CreationTimeAfter": -62135596801}, ["cat-1", "cat-2", "dog-1"]),
    ],
)
def test_filters_and_orders_of_a_list(service: Service, members: dict[str, object], expected: list[str]) -> None:
    assert names(service, **members) == expected


def test_a_status_inside_a_structure_is_filtered_and_sorted_by() -> None:
    groups = [
        {
            "FeatureGroupName": name,
            "FeatureGroupArn": f"{ACCOUNT}:feature-group/{name}",
            "OfflineStoreStatus": {"Status": status},
        }
        for name, status in (("one", "Blocked"), ("two", "Active"), ("three", "Disabled"))
    ]
    service = Service(smsearch.from_records(groups))

    def listed(**members: object) -> list[str]:
        return [
            one["FeatureGroupName"] for one in ask(service, "ListFeatureGroups", **members)["FeatureGroupSummaries"]
        ]

    assert listed(OfflineStoreStatusEquals="Active") == ["two"]
    assert listed(SortBy="OfflineStoreStatus", SortOrder="Ascending") == ["two", "one", "three"]


def test_filters_reach_members_of_other_names() -> None:
    exports: list[object] = [
        {
            "ModelCardExportJobName": name,
            "ModelCardExportJobArn": f"{ACCOUNT}:model-card/card/export-job/{name}",
            "ModelCardName": "card",
            "ModelCardVersion": 1,
            "CreatedAt": f"2024-01-{day:02}T00:00:00Z",
        }
        for name, day in (("b", 1), ("a", 2), ("c", 3))
    ]
    schedules = [
        {
            "MonitoringScheduleName": name,
            "MonitoringScheduleArn": f"{ACCOUNT}:monitoring-schedule/{name}",
            "MonitoringScheduleConfig": {"MonitoringJobDefinitionName": f"of-{name}"},
        }
        for name in ("one", "two")
    ]
    service = Service(smsearch.from_records(exports + schedules))

    def exported(**members: object) -> list[str]:
        page = ask(service, "ListModelCardExportJobs", ModelCardName="card", **members)
        return [one["ModelCardExportJobName"] for one in page["ModelCardExportJobSummaries"]]

    assert exported() == ["c", "a", "b"], "by creation time, unless something else is said"
    assert exported(SortBy="CreationTime", SortOrder="Ascending") == ["b", "a", "c"]
    assert exported(CreationTimeAfter=1704067200, CreationTimeBefore=1704240000) == ["a"]
    page = ask(service, "ListMonitoringSchedules", MonitoringJobDefinitionName="of-two")
    assert [one["MonitoringJobDefinitionName"] for one in page["MonitoringScheduleSummaries"]] == ["of-two"]


@pytest.mark.parametrize("name", [name for name in operations.names() if operations.operation(name).kind])
def test_filters_and_orders_ask_plain_values(name: str) -> None:
    asked = operations.operation(name)
    paths = [*(question.property for question in asked.questions.values()), *asked.sorts.values()]
    for path in paths:
        reached: Shape = catalogue.resource(asked.kind).root
        inner = catalogue.resource(asked.kind).inner
        for step in (inner, *path.split(".")) if inner else path.split("."):
            reached = catalogue.shape(reached.element) if isinstance(reached, ListOf) else reached
            assert isinstance(reached, Structure), path
            reached = reached.member(step)
        is_filtered = path not in asked.sorts.values() and isinstance(reached, ListOf)
        reached = catalogue.shape(reached.element) if is_filtered and isinstance(reached, ListOf) else reached
        assert isinstance(reached, Scalar), path


def pages(service: Service, operation: str, **members: object) -> Iterator[Any]:
    page = ask(service, operation, **members)
    yield page
    while "NextToken" in page:
        page = ask(service, operation, **{**members, "NextToken": page["NextToken"]})
        yield page


def test_pages_of_a_list_follow_one_another(service: Service) -> None:
    found = [page["TrainingJobSummaries"] for page in pages(service, "ListTrainingJobs", MaxResults=1)]
    assert [[one["TrainingJobName"] for one in page] for page in found] == [["cat-1"], ["cat-2"], ["dog-1"]]


def test_a_token_belongs_to_its_request(service: Service) -> None:
    token = ask(service, "ListTrainingJobs", MaxResults=1)["NextToken"]
    assert names(service, NextToken=token) == ["cat-2", "dog-1"]
    code, message = refusal(service, "ListTrainingJobs", NextToken=token, StatusEquals="Failed")
    assert code == "ValidationException"
    assert "another request" in message
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert refusal(service, "ListTrainingJobs", NextToken=changed)[0] == "ValidationException"
    assert refusal(service, "ListProcessingJobs", NextToken=token)[0] == "ValidationException"


def test_tags_come_in_pages_too(service: Service) -> None:
    arn = f"{ACCOUNT}:training-job/cat-1"
    found = [page["Tags"] for page in pages(service, "ListTags", ResourceArn=arn)]
    assert [len(tags) for tags in found] == [50, 10]
    assert found[1][-1] == {"Key": "k59", "Value": "59"}
    assert ask(service, "ListTags", ResourceArn=f"{ACCOUNT}:experiment/exp") == {"Tags": []}
    code, _ = refusal(service, "ListTags", ResourceArn=f"{ACCOUNT}:training-job/nobody")
    assert code == "ValidationException"


def test_lists_by_what_belongs_together(service: Service) -> None:
    for members in ({"TrialName": "try"}, {"ExperimentName": "exp"}, {"SourceArn": f"{ACCOUNT}:training-job/cat-1"}):
        page = ask(service, "ListTrialComponents", **members)
        assert [one["TrialComponentName"] for one in page["TrialComponentSummaries"]] == ["part"]
    assert ask(service, "ListTrialComponents", TrialName="other") == {"TrialComponentSummaries": []}
    of_tuning = "ListTrainingJobsForHyperParameterTuningJob"
    page = ask(service, of_tuning, HyperParameterTuningJobName="tune")
    assert [one["TrainingJobName"] for one in page["TrainingJobSummaries"]] == ["dog-1"]
    assert refusal(service, of_tuning, HyperParameterTuningJobName="none")[0] == "ResourceNotFound"


def test_search_is_the_searchers_own(service: Service) -> None:
    found = ask(service, "Search", Resource="TrainingJob", SortBy="TrainingJobName", SortOrder="Ascending")
    assert [result["TrainingJob"]["TrainingJobName"] for result in found["Results"]] == ["cat-1", "cat-2", "dog-1"]
    hint = {"PropertyNameQuery": {"PropertyNameHint": "HyperParameters.l"}}
    suggested = ask(service, "GetSearchSuggestions", Resource="TrainingJob", SuggestionQuery=hint)
    assert suggested == {"PropertyNameSuggestions": [{"PropertyName": "HyperParameters.lr"}]}


CONSTRAINT = "failed to satisfy constraint: Member must"
NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
STATUSES = "InProgress, Completed, Failed, Stopping, Stopped, Deleting"
REFUSALS: tuple[tuple[str, dict[str, object], str, str], ...] = (
    ("DescribeTrainingJob", {"TrainingJobName": "nobody"}, "ValidationException", "Requested resource not found."),
    ("DescribeExperiment", {"ExperimentName": "none"}, "ResourceNotFound", "Experiment 'none' does not exist."),
    (
        "DescribeModel",
        {"ModelName": "None"},
        "ValidationException",
        f'Could not find model "{ACCOUNT}:model/none".',
    ),
    (
        "DescribeEndpoint",
        {"EndpointName": "none"},
        "ValidationException",
        f'Could not find endpoint "{ACCOUNT}:endpoint/none".',
    ),
    (
        "DescribeHyperParameterTuningJob",
        {"HyperParameterTuningJobName": "none"},
        "ResourceNotFound",
        "Amazon SageMaker can't find a tuning job called none. Type another name.",
    ),
    (
        "DescribeAutoMLJob",
        {"AutoMLJobName": "none"},
        "ResourceNotFound",
        "Amazon SageMaker can't find an AutoML job called none. Type another name.",
    ),
    (
        "DescribeEndpointConfig",
        {"EndpointConfigName": "none"},
        "ValidationException",
        f'Could not find endpoint configuration "{ACCOUNT}:endpoint-config/none".',
    ),
    (
        "DescribeApp",
        {"DomainId": "d-1", "AppType": "JupyterLab", "AppName": "none"},
        "ValidationException",
        "RecordNotFound",
    ),
    ("DescribeModelPackage", {"ModelPackageName": "none"}, "ValidationException", "Could not find model package arn:"),
    ("DescribeNotebookInstance", {"NotebookInstanceName": "none"}, "ValidationException", "RecordNotFound"),
    ("DescribeSpace", {"DomainId": "d-1", "SpaceName": "none"}, "ValidationException", "RecordNotFound"),
    ("DescribeDeviceFleet", {"DeviceFleetName": "none"}, "ValidationException", "No devicefleet with name: none"),
    ("DescribeTrainingJob", {}, "1", f"Value null at 'trainingJobName' {CONSTRAINT} not be null"),
    (
        "DescribeTrainingJob",
        {"TrainingJobName": "a b"},
        "1",
        f"Value 'a b' at 'trainingJobName' {CONSTRAINT} satisfy regular expression pattern: {NAME}",
    ),
    (
        "ListTrainingJobs",
        {"StatusEquals": "Nope", "MaxResults": 101},
        "2",
        (
            f"Value '101' at 'maxResults' {CONSTRAINT} have value less than or equal to 100; "
            f"Value 'Nope' at 'statusEquals' {CONSTRAINT} satisfy enum value set: [{STATUSES}]"
        ),
    ),
    (
        "DescribeModel",
        {"ModelName": "a b" * 22},
        "2",
        (
            f"Value '{'a b' * 22}' at 'modelName' {CONSTRAINT} have length less than or equal to 63; "
            f"Value '{'a b' * 22}' at 'modelName' {CONSTRAINT} satisfy regular expression pattern: "
        ),
    ),
    (
        "Search",
        {
            "Resource": "Cat",
            "MaxResults": 101,
            "SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Like", "Value": "x"}]},
            "SortOrder": "Up",
        },
        "4",
        f"Value 'Cat' at 'resource' {CONSTRAINT} satisfy enum value set: [TrainingJob, ",
    ),
    (
        "ListTrainingJobs",
        {"MaxResults": 10**19 * 2},
        "1",
        f"Value '20000000000000000000' at 'maxResults' {CONSTRAINT} have value less than or equal to 100",
    ),
    (
        "Search",
        {"Resource": "TrainingJob", "MaxResults": -(10**24) - 1},
        "1",
        f"Value '-1000000000000000000000001' at 'maxResults' {CONSTRAINT} have value greater than or equal to 1",
    ),
    ("ListTrainingJobs", {"MaxResults": "5"}, "1", f"Value '5' at 'maxResults' {CONSTRAINT} be of type integer"),
    ("QueryLineage", {}, "UnknownOperationException", "The operation 'QueryLineage' is not offered here."),
    ("CreateModel", {}, "AccessDeniedException", "CreateModel would change something, and this endpoint is read-only"),
    (
        "Search",
        {"Resource": "Cat"},
        "1",
        f"Value 'Cat' at 'resource' {CONSTRAINT} satisfy enum value set: [TrainingJob, ",
    ),
)
"""Operation, input, code, message; a number for a code is that of the validation errors in the message."""


@pytest.mark.parametrize(("operation", "members", "code", "message"), REFUSALS)
def test_refusals_are_worded_as_the_service_words_them(
    service: Service, operation: str, members: dict[str, object], code: str, message: str
) -> None:
    if code.isdigit():
        message = f"{code} validation error{'s' if code != '1' else ''} detected: {message}"
        code = "ValidationException"
    refused = refusal(service, operation, **members)
    assert refused[0] == code
    assert refused[1].startswith(message)


def test_every_member_of_a_search_that_breaks_a_constraint_is_told_at_once(service: Service) -> None:
    """Rows W1 and W3; what is wrong otherwise is told by itself, and first if it is met first."""
    wrong = {"MaxResults": 0, "SortOrder": "Up"}
    code, message = refusal(service, "Search", Resource="TrainingJob", **wrong)
    assert (code, message.partition(":")[0]) == ("ValidationException", "2 validation errors detected")
    first, second = message.partition(": ")[2].split("; ")
    assert first == f"Value 'Up' at 'sortOrder' {CONSTRAINT} satisfy enum value set: [Ascending, Descending]"
    assert second == f"Value '0' at 'maxResults' {CONSTRAINT} have value greater than or equal to 1"
    assert refusal(service, "Search", Resource="TrainingJob", MaxResults=0)[1].startswith(
        "1 validation error detected: "
    )
    unknown = {"Filters": [{"Name": "Nope", "Operator": "Exists"}]}
    assert "Unknown property" in refusal(service, "Search", Resource="TrainingJob", SearchExpression=unknown)[1]
    assert "Unknown parameter" in refusal(service, "Search", Resource="TrainingJob", Nope=1, **wrong)[1]


def test_the_services_own_messages_stand_alone(service: Service) -> None:
    """Row W1: no path before them."""
    twice = [{"Name": name, "Operator": "Contains", "Value": "x"} for name in ("TrainingJobName", "RoleArn")]
    for expression, message in (
        ({"Filters": twice}, "'CONTAINS' operator usage limit of 1 exceeded."),
        (
            {"Filters": [{"Name": "TrainingJobNam"}]},
            "Unknown property name: TrainingJobNam (TrainingJob has no such property). Did you mean 'TrainingJobName'?",
        ),
        (
            {"Filters": []},
            (
                "1 validation error detected: Value at 'searchExpression.filters' failed to satisfy constraint: "
                "Member must have length greater than or equal to 1"
            ),
        ),
    ):
        refused = refusal(service, "Search", Resource="TrainingJob", SearchExpression=expression)
        assert refused == ("ValidationException", message)


def test_a_name_that_a_pattern_forbids_is_described_if_the_dump_holds_it(tmp_path: Path) -> None:
    """Row E2: exports hold what the service has never seen."""
    odd, group = "not a name! " + "x" * 300, "odd group\n"
    records = [
        job(odd, 1, TrainingJobArn="odd", TuningJobArn="tuning odd"),
        {"HyperParameterTuningJobName": odd, "HyperParameterTuningJobArn": "tuning odd"},
        {"ModelPackageArn": "a package", "ModelPackageGroupName": group, "ModelPackageStatus": "Completed"},
    ]
    (tmp_path / "dump.json").write_text(json.dumps(records), encoding="utf-8")
    smsearch.build([tmp_path / "dump.json"], tmp_path / "store")
    for odd_ones in (Service(smsearch.from_records(records)), Service(smsearch.open(tmp_path / "store"))):
        assert ask(odd_ones, "DescribeTrainingJob", TrainingJobName=odd)["TrainingJobName"] == odd
        listed = ask(odd_ones, "ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName=odd)
        assert [one["TrainingJobName"] for one in listed["TrainingJobSummaries"]] == [odd]
        packages = ask(odd_ones, "ListModelPackages", ModelPackageGroupName=group)["ModelPackageSummaryList"]
        assert [one["ModelPackageArn"] for one in packages] == ["a package"]
        assert ask(odd_ones, "ListTags", ResourceArn="odd") == {"Tags": []}
        for operation, member in (("DescribeTrainingJob", "TrainingJobName"), ("ListTags", "ResourceArn")):
            message = refusal(odd_ones, operation, **{member: odd[:-1]})[1]
            assert "failed to satisfy constraint: Member must" in message


def test_what_cannot_be_told_is_refused_and_not_passed_over(service: Service) -> None:
    code, message = refusal(service, "DescribeImageVersion", ImageName="x", Alias="latest")
    assert code == "ValidationException"
    assert message.startswith("DescribeImageVersion cannot answer Alias offline: no operation shows which version")
    code, message = refusal(service, "ListTrainingJobs", Nonsense=1)
    assert "Unknown parameter 'Nonsense'" in message


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
@pytest.mark.parametrize("operation", ["Search", "GetSearchSuggestions", "ListTrainingJobs"])
def test_what_is_no_json_object_is_a_serialization_error(service: Service, operation: str, body: bytes) -> None:
    with pytest.raises(ServiceError) as refused:
        service.answer(operation, body)
    assert refused.value.code == "SerializationException"


def test_describe_puts_a_record_under_the_member_that_the_operation_has() -> None:
    team = {"WorkteamName": "team", "WorkteamArn": f"{ACCOUNT}:workteam/private-crowd/team", "Description": "us"}
    extension = {"ExtensionArn": f"{ACCOUNT}:extension/eks-a/b/c", "ExtensionName": "b", "ClusterArn": "arn:c"}
    whole = {"ExtensionDetails": extension, "NodeSummary": {"TotalCount": 2, "ActiveCount": 1}}
    service = Service(smsearch.from_records([{"Workteam": team}, whole]))
    assert ask(service, "DescribeWorkteam", WorkteamName="team") == {"Workteam": {**team, "MemberDefinitions": []}}
    given = {"ClusterArn": "arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefabcdef"}
    whole["ExtensionDetails"] = {**extension, **given}
    service = Service(smsearch.from_records([whole]))
    shown = ask(service, "DescribeClusterExtension", ExtensionArn=extension["ExtensionArn"], **given)
    assert shown == {**whole, "ExtensionDetails": {**extension, **given}}


def test_parameters_of_an_execution_come_in_pages() -> None:
    arn = f"{ACCOUNT}:pipeline/p/execution/abcdefabcdef"
    parameters = [{"Name": f"p{number}", "Value": str(number)} for number in range(3)]
    service = Service(smsearch.from_records([{"PipelineExecutionArn": arn, "PipelineParameters": parameters}]))
    asked = {"PipelineExecutionArn": arn, "MaxResults": 2}
    found = [page["PipelineParameters"] for page in pages(service, "ListPipelineParametersForExecution", **asked)]
    assert found == [parameters[:2], parameters[2:]]
    missing = {"PipelineExecutionArn": arn.replace("abc", "def")}
    assert refusal(service, "ListPipelineParametersForExecution", **missing)[0] == "ResourceNotFound"
