"""What Describe and List operations ask beyond plain filters: parents, versions, trials, tuning jobs, regions."""

from __future__ import annotations

import json
from typing import Any

import pytest

import smsearch
from smsearch.service import Service, ServiceError

ACCOUNT = "arn:aws:sagemaker:us-east-1:111122223333"


def service(*records: object) -> Service:
    return Service(smsearch.from_records(list(records)))


def ask(answering: Service, operation: str, **members: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(answering.answer(operation, json.dumps(members).encode()))


def refusal(answering: Service, operation: str, **members: object) -> str:
    with pytest.raises(ServiceError) as refused:
        ask(answering, operation, **members)
    assert refused.value.code == "ValidationException"
    return refused.value.message


def job(name: str, **more: object) -> dict[str, Any]:
    return {"TrainingJobName": name, "TrainingJobArn": f"{ACCOUNT}:training-job/{name}", **more}


TUNED = "ListTrainingJobsForHyperParameterTuningJob"
TUNING = {
    "HyperParameterTuningJobName": "Tune",
    "HyperParameterTuningJobArn": f"{ACCOUNT}:hyper-parameter-tuning-job/tune",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "auc"},
        "ParameterRanges": {
            "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1"}],
            "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}],
        },
    },
}


def child(name: str, auc: float | None, status: str = "Completed", **more: object) -> dict[str, Any]:
    metrics = [
        {"MetricName": "auc", "Value": auc, "Timestamp": 1},
        {"MetricName": "loss", "Value": 9.0, "Timestamp": 2},
    ]
    parameters = {"eta": "0.5", "depth": "3", "rounds": "100", "_tuning_objective_metric": "auc"}
    return job(
        name,
        TuningJobArn=TUNING["HyperParameterTuningJobArn"],
        TrainingJobStatus=status,
        HyperParameters=parameters,
        FinalMetricDataList=metrics if auc is not None else metrics[1:],
        **more,
    )


def test_summaries_of_a_tuning_job_have_what_was_tuned_and_its_outcome() -> None:
    answering = service(TUNING, child("a", 0.9), child("b", None, "Failed"), child("c", None, "InProgress"))
    rows = ask(answering, TUNED, HyperParameterTuningJobName="Tune", SortBy="Name")["TrainingJobSummaries"]
    assert [row["TunedHyperParameters"] for row in rows] == [{"eta": "0.5", "depth": "3"}] * 3
    assert [row["ObjectiveStatus"] for row in rows] == ["Succeeded", "Failed", "Pending"]
    metric = {"Type": "Maximize", "MetricName": "auc", "Value": 0.9}
    assert [row.get("FinalHyperParameterTuningJobObjectiveMetric") for row in rows] == [metric, None, None]
    assert {row["TuningJobName"] for row in rows} == {"Tune"}


def test_what_a_summary_was_given_with_is_kept() -> None:
    given: dict[str, Any] = {"TunedHyperParameters": {"other": "1"}, "ObjectiveStatus": "Pending"}
    answering = service(TUNING, child("a", 0.9, **given))
    (row,) = ask(answering, TUNED, HyperParameterTuningJobName="Tune")["TrainingJobSummaries"]
    assert {name: row[name] for name in given} == given


def test_jobs_of_a_tuning_job_are_sorted_by_their_objective() -> None:
    answering = service(TUNING, child("a", 0.7), child("b", 0.9), child("c", None), child("d", 0.8))

    def names(**members: object) -> list[str]:
        page = ask(answering, TUNED, HyperParameterTuningJobName="Tune", SortBy="FinalObjectiveMetricValue", **members)
        return [row["TrainingJobName"] for row in page["TrainingJobSummaries"]]

    assert names(SortOrder="Descending") == ["b", "d", "a"], "a job without the metric is not listed"
    assert names(SortOrder="Ascending", MaxResults=2) == ["a", "d"]


def test_jobs_are_found_by_a_tuning_job_that_the_dump_does_not_have() -> None:
    answering = service(child("a", 0.9))
    (row,) = ask(answering, TUNED, HyperParameterTuningJobName="Tune")["TrainingJobSummaries"]
    assert row["TunedHyperParameters"] == {"eta": "0.5", "depth": "3", "rounds": "100"}, "no ranges are known"
    assert row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == 0.9
    asked = {"HyperParameterTuningJobName": "Tune", "SortBy": "FinalObjectiveMetricValue"}
    assert "Export the tuning job too" in refusal(answering, TUNED, **asked)


def test_children_are_found_by_the_name_in_their_parents_arn() -> None:
    execution = {"PipelineExecutionArn": f"{ACCOUNT}:pipeline/train/execution/1", "PipelineExecutionStatus": "Failed"}
    version = {"ImageVersionArn": f"{ACCOUNT}:image-version/box/1", "ImageArn": f"{ACCOUNT}:image/box", "Version": 1}
    answering = service(execution, version)
    assert ask(answering, "ListPipelineExecutions", PipelineName="Train")["PipelineExecutionSummaries"]
    assert ask(answering, "ListImageVersions", ImageName="box")["ImageVersions"]
    assert ask(answering, "DescribeImageVersion", ImageName="box")["Version"] == 1
    with pytest.raises(ServiceError, match="does not exist"):
        ask(answering, "ListPipelineExecutions", PipelineName="rain")


def test_packages_without_versions_are_the_default_unless_a_group_is_named() -> None:
    group = f"{ACCOUNT}:model-package/group"
    answering = service(
        {"ModelPackageArn": f"{group}/1", "ModelPackageGroupName": "group", "ModelPackageVersion": 1},
        {"ModelPackageArn": f"{ACCOUNT}:model-package/alone", "ModelPackageName": "alone"},
    )

    def arns(**members: object) -> list[str]:
        page = ask(answering, "ListModelPackages", SortBy="CreationTime", **members)
        return sorted(row["ModelPackageArn"].rpartition("/")[2] for row in page["ModelPackageSummaryList"])

    assert arns() == arns(ModelPackageType="Unversioned") == ["alone"]
    assert arns(ModelPackageType="Versioned") == arns(ModelPackageGroupName="group") == ["1"]
    assert arns(ModelPackageType="Both") == ["1", "alone"]


def test_packages_are_described_in_a_batch() -> None:
    arn, missing = f"{ACCOUNT}:model-package/group/1", f"{ACCOUNT}:model-package/group/2"
    answering = service({"ModelPackageArn": arn, "ModelPackageStatus": "Completed"})
    answer = ask(answering, "BatchDescribeModelPackage", ModelPackageArnList=[arn, missing])
    assert answer["ModelPackageSummaries"][arn]["ModelPackageStatus"] == "Completed"
    assert answer["ModelPackageSummaries"][arn]["ModelPackageGroupName"] == "group"
    assert list(answer["BatchDescribeModelPackageErrorMap"]) == [missing]


def test_transform_jobs_by_their_last_time_or_what_stands_for_it() -> None:
    def transform(name: str, **times: object) -> dict[str, Any]:
        return {"TransformJobName": name, "TransformJobArn": f"{ACCOUNT}:transform-job/{name}", **times}

    answering = service(
        transform("changed", LastModifiedTime=50, TransformEndTime=10, CreationTime=1),
        transform("ended", TransformEndTime=40, CreationTime=1),
        transform("made", CreationTime=30),
    )

    def names(**members: object) -> list[str]:
        page = ask(answering, "ListTransformJobs", SortBy="Name", SortOrder="Ascending", **members)
        return [row["TransformJobName"] for row in page["TransformJobSummaries"]]

    assert names(LastModifiedTimeAfter=35) == ["changed", "ended"]
    assert names(LastModifiedTimeBefore=35) == ["made"]


def test_trials_and_components_by_one_another() -> None:
    def component(name: str, **more: object) -> dict[str, Any]:
        return {
            "TrialComponentName": name,
            "TrialComponentArn": f"{ACCOUNT}:experiment-trial-component/{name}",
            **more,
        }

    made_for = {"ExperimentName": "exp", "TrialName": "try"}
    answering = service(
        {
            "TrialName": "try",
            "TrialArn": f"{ACCOUNT}:experiment-trial/try",
            "ExperimentName": "exp",
            "TrialComponentSummaries": [{"TrialComponentName": "listed"}],
        },
        component("parented", Parents=[{"TrialName": "try", "ExperimentName": "exp"}]),
        component("listed"),
        component("of-a-job", Source={"SourceArn": f"{ACCOUNT}:training-job/j"}),
        component("associated"),
        component("strange"),
        job("j", ExperimentConfig=made_for),
        {
            "SourceArn": f"{ACCOUNT}:experiment-trial-component/associated",
            "DestinationArn": f"{ACCOUNT}:experiment-trial/try",
            "AssociationType": "AssociatedWith",
        },
    )

    def components(**members: object) -> list[str]:
        page = ask(answering, "ListTrialComponents", SortBy="Name", SortOrder="Ascending", **members)
        return [row["TrialComponentName"] for row in page["TrialComponentSummaries"]]

    assert components(TrialName="try") == ["associated", "listed", "of-a-job", "parented"]
    assert components(ExperimentName="exp") == ["associated", "listed", "of-a-job", "parented"]
    assert components(TrialName="other") == []
    for name, expected in (("parented", ["try"]), ("listed", ["try"]), ("of-a-job", ["try"]), ("strange", [])):
        page = ask(answering, "ListTrials", TrialComponentName=name)
        assert [row["TrialName"] for row in page["TrialSummaries"]] == expected, name


def test_pipelines_by_prefix_and_by_who_manages_them() -> None:
    def pipeline(name: str, account: str = "111122223333") -> dict[str, Any]:
        return {"PipelineName": name, "PipelineArn": f"arn:aws:sagemaker:us-east-1:{account}:pipeline/{name}"}

    answering = service(pipeline("abc"), pipeline("abd"), pipeline("xabc"), pipeline("managed", "aws"))

    def names(**members: object) -> list[str]:
        page = ask(answering, "ListPipelines", SortBy="Name", SortOrder="Ascending", **members)
        return [row["PipelineName"] for row in page["PipelineSummaries"]]

    assert names(PipelineNamePrefix="ab") == ["abc", "abd"]
    assert names(PipelineNamePrefix="zz") == []
    assert names(ManagedBy="AWS") == ["managed"]
    assert names(ManagedBy="CUSTOMER") == ["abc", "abd", "xabc"]


def test_the_start_of_an_execution_is_its_creation() -> None:
    arn = f"{ACCOUNT}:pipeline/p/execution/1"
    answering = service({"PipelineExecutionArn": arn, "CreationTime": 7})
    (row,) = ask(answering, "ListPipelineExecutions", PipelineName="p")["PipelineExecutionSummaries"]
    assert row["StartTime"] == 7


def content(version: str, created: int, **more: object) -> dict[str, Any]:
    arn = f"{ACCOUNT}:hub-content/hub/Model/m/{version}"
    return {"HubContentArn": arn, "CreationTime": created, "DocumentSchemaVersion": "2.0.0", **more}


def test_the_latest_version_of_a_hub_content_is_the_one_made_last() -> None:
    rows = [content("1.9.0", 3), content("1.10.0", 5), content("1.2.0", 4)]
    answering = service(*rows)
    asked = {"HubName": "hub", "HubContentType": "Model", "HubContentName": "m"}
    assert ask(answering, "DescribeHubContent", **asked)["HubContentVersion"] == "1.10.0"
    assert ask(answering, "DescribeHubContent", HubContentVersion="1.2.0", **asked)["HubContentVersion"] == "1.2.0"

    def versions(**members: object) -> list[str]:
        page = ask(
            answering, "ListHubContentVersions", SortBy="CreationTime", SortOrder="Ascending", **asked, **members
        )
        return [row["HubContentVersion"] for row in page["HubContentSummaries"]]

    assert versions() == ["1.9.0", "1.2.0", "1.10.0"]
    assert versions(MinVersion="1.9.0") == ["1.9.0", "1.10.0"], "versions compare by their numbers"
    assert versions(MaxSchemaVersion="1.0.0") == []


def test_a_domain_is_described_by_its_id() -> None:
    domain = {"DomainId": "d-1", "DomainName": "mine", "DomainArn": f"{ACCOUNT}:domain/d-1"}
    assert ask(service(domain), "DescribeDomain", DomainId="d-1")["DomainName"] == "mine"


def test_of_two_regions_the_requests_own_is_described() -> None:
    def endpoint(region: str) -> dict[str, Any]:
        return {"EndpointName": "e", "EndpointArn": f"arn:aws:sagemaker:{region}:111122223333:endpoint/e"}

    answering = service(endpoint("us-east-1"), endpoint("eu-west-1"))

    def arn(region: str, name: str = "e") -> str:
        asked = json.dumps({"EndpointName": name}).encode()
        return str(json.loads(answering.answer("DescribeEndpoint", asked, region))["EndpointArn"])

    assert [arn(region).split(":")[3] for region in ("us-east-1", "eu-west-1")] == ["us-east-1", "eu-west-1"]
    assert arn("ap-south-1"), "another region has what there is"
    with pytest.raises(ServiceError, match="arn:aws:sagemaker:ap-south-1:111122223333:endpoint/none"):
        arn("ap-south-1", "none")


def test_what_no_record_says_is_refused_and_not_answered_with_nothing() -> None:
    node = {"InstanceId": "i-1", "InstanceGroupName": "g", "InstanceType": "ml.c5.large", "LaunchTime": 1}
    answering = service({"ClusterNodeSummaries": [node]})
    assert "no ClusterNode of the dump has ClusterName" in refusal(answering, "ListClusterNodes", ClusterName="c")
    answering = service({**node, "ClusterName": "c"})
    assert ask(answering, "ListClusterNodes", ClusterName="c")["ClusterNodeSummaries"]
    assert ask(answering, "ListClusterNodes", ClusterName="d")["ClusterNodeSummaries"] == []


def test_filters_by_name() -> None:
    plan = {"TrainingPlanName": "p", "TrainingPlanArn": f"{ACCOUNT}:training-plan/p", "Status": "Active"}
    answering = service(plan)
    for status, count in (("Active", 1), ("Expired", 0)):
        page = ask(answering, "ListTrainingPlans", Filters=[{"Name": "Status", "Value": status}])
        assert len(page["TrainingPlanSummaries"]) == count
    assert "a Name and a Value" in refusal(answering, "ListTrainingPlans", Filters=["Status"])
