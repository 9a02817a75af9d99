"""What a summary calls otherwise, what an ARN and a content tell, and what tells records without a name apart."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.ingest.completion import ARN_PARTS, CONTENTS, completed
from smsearch.ingest.load import from_objects
from smsearch.ingest.report import Report
from smsearch.ingest.runs import stored_document
from smsearch.schema import catalogue
from tests.ingest.sample import ARN, job

if TYPE_CHECKING:
    from smsearch.schema.record import Record


def read(*objects: object) -> list[Record]:
    return list(from_objects(objects, Report()))


def test_a_record_that_has_everything_comes_back_as_it_is() -> None:
    document = job()
    assert completed("TrainingJob", document) == (document, False)
    assert completed("TrainingJob", document)[0] is document


def test_the_callers_own_is_not_changed() -> None:
    limits = {"MaxParallelTrainingJobs": 1}
    config = {"ResourceLimits": limits}
    summary: dict[str, Any] = {"HyperParameterTuningJobConfig": config, "Strategy": "Random", "ResourceLimits": {}}
    members, is_summary = completed("HyperParameterTuningJob", summary)
    assert is_summary
    assert members["HyperParameterTuningJobConfig"] == {"ResourceLimits": limits, "Strategy": "Random"}
    assert config == {"ResourceLimits": limits}
    assert summary["Strategy"] == "Random"


def test_a_record_that_is_stored_is_not_changed() -> None:
    (record,) = read({"TrialComponent": {"TrialComponentName": "a", "Parents": [{}]}})
    before = copy.deepcopy(record.document)
    assert b'"Parents":[{"TrialName":"","ExperimentName":""}]' in stored_document(record, "TrialComponent")
    assert record.document == before


def test_what_is_there_under_searchs_name_stays_and_so_does_the_other() -> None:
    both = {"TrialName": "t", "Source": {"SourceArn": "a"}, "TrialSource": {"SourceArn": "b"}}
    assert completed("ExperimentTrial", both) == (both, False)
    unset = {"TrialName": "t", "Source": None, "TrialSource": {"SourceArn": "b"}}
    assert completed("ExperimentTrial", unset)[0] == {"TrialName": "t", "Source": {"SourceArn": "b"}}
    assert completed("ExperimentTrial", {"TrialName": "t", "TrialSource": None})[1] is False


def test_a_row_outside_a_page_leaves_members_out_too() -> None:
    (record,) = read({"trial_name": "t", "trial_arn": f"{ARN}experiment-trial/t", "trial_source": {"source_arn": "x"}})
    assert record.is_partial
    assert record.document["Source"] == {"SourceArn": "x"}


def test_every_name_of_the_table_leads_to_a_member_of_the_kind() -> None:
    for kind in catalogue.kinds():
        resource = catalogue.resource(kind)
        root = resource.root.member(resource.inner) if resource.inner else resource.root
        for renamed in resource.lists.values():
            for path in renamed.values():
                reached: Any = root
                for step in path.split("."):
                    reached = reached.member(step)
    for kind, parts in ARN_PARTS.items():
        assert set(parts) - {""} <= set(catalogue.resource(kind).root.members)
    for kind, (member, paths) in CONTENTS.items():
        assert {member, *paths} <= set(catalogue.resource(kind).root.members)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            {"AppArn": f"{ARN}app/d-1/ana/JupyterServer/default"},
            {"DomainId": "d-1", "AppType": "JupyterServer", "AppName": "default"},
        ),
        ({"SpaceArn": f"{ARN}space/d-1/s"}, {"DomainId": "d-1", "SpaceName": "s"}),
        ({"UserProfileArn": f"{ARN}user-profile/d-1/ana"}, {"DomainId": "d-1", "UserProfileName": "ana"}),
        ({"TrainingSessionArn": f"{ARN}training-session/s"}, {"TrainingSessionName": "s"}),
        ({"ImageVersionArn": f"{ARN}image-version/box/12"}, {"Version": 12}),
        (
            {"ModelCardExportJobArn": f"{ARN}model-card/c/export-job/e"},
            {"ModelCardName": "c", "ModelCardExportJobName": "e"},
        ),
        ({"ModelPackageArn": "not an ARN"}, {}),
        ({"ModelPackageArn": f"{ARN}model-package-group/g"}, {}),
    ],
    ids=str,
)
def test_an_arn_tells_what_a_record_lacks(document: dict[str, Any], told: dict[str, Any]) -> None:
    (record,) = read(document)
    assert {name: value for name, value in record.document.items() if name not in {*document, "Id"}} == told


def test_a_name_is_not_overruled_by_the_arn() -> None:
    package = {"ModelPackageArn": f"{ARN}model-package/group/3", "ModelPackageGroupName": "Group"}
    assert read(package)[0].document["ModelPackageGroupName"] == "Group"


def test_rows_without_a_name_are_not_one() -> None:
    def execution(schedule: str, hour: int, **more: object) -> dict[str, Any]:
        time = f"2024-01-01T{hour:02}:00:00Z"
        return {"MonitoringScheduleName": schedule, "ScheduledTime": time, "CreationTime": time, **more}

    rows = [execution("a", 1), execution("a", 2), execution("b", 1), execution("a", 1, FailureReason="no data")]
    searcher = smsearch.from_records([{"MonitoringExecutionSummaries": rows}])
    assert searcher.resources() == {"MonitoringExecution": 3}


def test_apps_of_one_name_are_not_one() -> None:
    def app(domain: str, profile: str, **more: object) -> dict[str, Any]:
        return {
            "DomainId": domain,
            "UserProfileName": profile,
            "AppType": "JupyterServer",
            "AppName": "default",
            **more,
        }

    rows = [app("d-1", "ana"), app("d-1", "ben"), app("d-2", "ana")]
    ids = {record.document["Id"] for record in read({"Apps": rows})}
    assert ids == {"d-1/ana/JupyterServer/default", "d-1/ben/JupyterServer/default", "d-2/ana/JupyterServer/default"}
    described = app("d-1", "ana", AppArn=f"{ARN}app/d-1/ana/JupyterServer/default")
    assert read(described)[0].document["Id"] in ids


def test_a_step_is_the_same_however_its_time_is_spelled() -> None:
    times = ("2024-01-01T00:00:00Z", 1704067200, "2024-01-01T01:00:00+01:00")
    steps = [{"StepName": "train", "StepStatus": "Succeeded", "StartTime": time} for time in times]
    names = {record.name for record in read({"PipelineExecutionSteps": steps})}
    assert names == {"train/2024-01-01T00:00:00Z"}


def test_a_labeling_job_of_another_account_has_its_reference_for_a_name() -> None:
    row = {"JobReferenceCode": "a1b2", "WorkRequesterAccountId": "1", "CreationTime": 1, "LabelCounters": {}}
    assert read({"LabelingJobSummaryList": [row]})[0].name == "a1b2"


def test_a_huge_or_broken_content_tells_nothing() -> None:
    contents: tuple[object, ...] = ("{", "[1]", "{" * 5_000_000, None, {"model_overview": {}})
    for content in contents:
        members, _ = completed("ModelCard", {"ModelCardName": "c", "Content": content})
        assert "ModelId" not in members


def test_what_stands_where_a_structure_should_is_left_for_the_types_to_refuse() -> None:
    summary = {"CompilationJobName": "a", "CompilationTargetPlatformOs": "LINUX", "OutputConfig": {"TargetPlatform": 5}}
    assert completed("CompilationJob", summary) == (summary, False)
    configs: list[Any] = [None, "ModelX", {"ModelQuantizationConfig": {}}]
    optimization = {"OptimizationJobName": "a", "OptimizationConfigs": configs}
    assert completed("OptimizationJob", optimization)[0]["OptimizationTypes"] == ["Quantization"]
