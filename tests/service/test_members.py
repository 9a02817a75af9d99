"""Members of inputs that pick a version or a part, or ask in a way of their own: answered, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

import smsearch
from smsearch.schema.operations import names, operation
from smsearch.service import Service, ServiceError
from smsearch.service.questions import PAGING

ACCOUNT = "arn:aws:sagemaker:us-east-1:111122223333"
PIPELINE = {
    "PipelineName": "p",
    "PipelineArn": f"{ACCOUNT}:pipeline/p",
    "PipelineDefinition": "{}",
    "PipelineVersionAliases": ["newest"],
}
ASKING_NOTHING = {
    "Alias": "refused: no operation shows which version of an image has an alias",
    "IncludeAvailableUpgrade": "only adds",
    "IncludeNodeLogicalIds": "only adds",
    "IncludedData": "picks a part",
    "PipelineVersionAlias": "picks a version",
    "PipelineVersionId": "picks a version",
}
"""Every member of an input that filters nothing, and what becomes of it."""


def service(*records: object) -> Service:
    return Service(smsearch.from_records(list(records)))


def ask(answering: Service, operation: str, **members: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(answering.answer(operation, json.dumps(members).encode()))


def refusal(answering: Service, operation: str, **members: object) -> tuple[str, str]:
    with pytest.raises(ServiceError) as refused:
        ask(answering, operation, **members)
    return refused.value.code, refused.value.message


def version(number: int, *aliases: str, name: str = "p") -> dict[str, Any]:
    return {
        "PipelineArn": f"{ACCOUNT}:pipeline/{name}",
        "PipelineVersionId": number,
        "PipelineVersionDisplayName": f"version-{number}",
        "PipelineVersionAliases": list(aliases),
        "CreationTime": number,
    }


def test_every_member_of_an_input_asks_something_or_is_known_not_to() -> None:
    untold = {
        member
        for name in names()
        for member in operation(name).inputs.keys() - operation(name).questions.keys() - PAGING
    }
    assert untold == ASKING_NOTHING.keys()


def test_every_order_is_answered() -> None:
    untold = {
        (name, value)
        for name in names()
        if (sort_by := operation(name).inputs.get("SortBy")) is not None
        for value in set(sort_by.enum) - operation(name).sorts.keys()
    }
    assert untold == {("ListTrainingJobsForHyperParameterTuningJob", "FinalObjectiveMetricValue")}, "tuning.py has it"


def test_a_pipeline_is_described_by_its_latest_version() -> None:
    answering = service(PIPELINE, version(1, "old"), version(2, "newest", "prod"), version(9, name="other"))

    def shown(**members: object) -> Any:  # noqa: ANN401 - any JSON
        return ask(answering, "DescribePipeline", PipelineName="p", **members)

    for members in ({"PipelineVersionId": 2}, {"PipelineVersionAlias": "prod"}):
        answer = shown(**members)
        assert answer["PipelineDefinition"] == "{}"
        assert answer["PipelineVersionDisplayName"] == "version-2"
        assert answer["PipelineVersionAliases"] == ["newest", "prod"]
    assert shown(PipelineVersionAlias="newest")["PipelineVersionAliases"] == ["newest"], "as the pipeline's record says"
    assert "PipelineVersionDisplayName" not in shown()


def test_another_version_of_a_pipeline_is_refused_with_the_reason() -> None:
    answering = service(PIPELINE, version(1, "old"), version(2))
    asked: dict[str, Any] = {"PipelineName": "p"}
    for members in ({"PipelineVersionId": 1}, {"PipelineVersionAlias": "old"}):
        code, message = refusal(answering, "DescribePipeline", **asked, **members)
        assert code == "ValidationException"
        assert "of pipeline p the dump has the definition of version 2 alone, the latest" in message
    assert refusal(answering, "DescribePipeline", **asked, PipelineVersionId=3) == (
        "ResourceNotFound",
        "Pipeline 'p' has no version '3'.",
    )
    assert refusal(answering, "DescribePipeline", PipelineName="q", PipelineVersionId=1)[0] == "ResourceNotFound"
    both = refusal(answering, "DescribePipeline", **asked, PipelineVersionId=2, PipelineVersionAlias="old")
    assert both == ("ValidationException", "PipelineVersionId and PipelineVersionAlias cannot both be given.")
    code, message = refusal(service(PIPELINE), "DescribePipeline", **asked, PipelineVersionId=2)
    assert (code, "the dump has no versions of pipeline p" in message) == ("ValidationException", True)


CONTENT = {
    "model_overview": {"model_id": "m", "model_name": "n", "model_description": "secret"},
    "intended_uses": {"risk_rating": "Low", "purpose_of_model": "secret"},
    "evaluation_details": [{"name": "secret"}],
}
METADATA = {"model_overview": {"model_id": "m", "model_name": "n"}, "intended_uses": {"risk_rating": "Low"}}


def test_metadata_only_leaves_the_paths_that_the_service_keeps() -> None:
    card = {
        "ModelCardName": "c",
        "ModelCardArn": f"{ACCOUNT}:model-card/c",
        "ModelCardVersion": 1,
        "Content": json.dumps(CONTENT),
    }
    package = {
        "ModelPackageName": "k",
        "ModelPackageArn": f"{ACCOUNT}:model-package/k",
        "ModelCard": {"ModelCardStatus": "Draft", "ModelCardContent": json.dumps(CONTENT)},
    }
    answering = service(card, package)

    def content(included: str) -> Any:  # noqa: ANN401 - any JSON
        described = ask(answering, "DescribeModelCard", ModelCardName="c", IncludedData=included)
        packaged = ask(answering, "DescribeModelPackage", ModelPackageName="k", IncludedData=included)
        assert packaged["ModelCard"]["ModelCardStatus"] == "Draft"
        assert packaged["ModelCard"]["ModelCardContent"] == described["Content"]
        return json.loads(described["Content"])

    assert content("MetadataOnly") == METADATA
    assert content("AllData") == CONTENT
    for odd in ("no JSON", "[]", json.dumps({"model_overview": 5})):
        answering = service({**card, "Content": odd}, {**package, "ModelCard": {"ModelCardContent": odd}})
        described = ask(answering, "DescribeModelCard", ModelCardName="c", IncludedData="MetadataOnly")
        assert described["Content"] == "{}"


def test_clusters_by_a_training_plan_of_a_row_or_of_a_describe() -> None:
    plan = f"{ACCOUNT}:training-plan/one"

    def cluster(name: str, **more: object) -> dict[str, Any]:
        return {"ClusterName": name, "ClusterArn": f"{ACCOUNT}:cluster/{name}", **more}

    answering = service(
        cluster("row", TrainingPlanArns=[plan]),
        cluster("described", InstanceGroups=[{"InstanceGroupName": "g", "TrainingPlanArn": plan}]),
        cluster("restricted", RestrictedInstanceGroups=[{"InstanceGroupName": "g", "TrainingPlanArn": plan}]),
        cluster("none", InstanceGroups=[{"InstanceGroupName": "g"}]),
    )
    page = ask(answering, "ListClusters", TrainingPlanArn=plan, SortBy="NAME", SortOrder="Ascending")
    assert [row["ClusterName"] for row in page["ClusterSummaries"]] == ["described", "restricted", "row"]


def test_hubs_by_the_account_that_owns_them() -> None:
    def hub(account: str, name: str, region: str = "us-east-1") -> dict[str, Any]:
        return {"HubName": name, "HubArn": f"arn:aws:sagemaker:{region}:{account}:hub/{name}"}

    hubs = [hub("222222222222", "a"), hub("111111111111", "z"), hub("aws", "public")]
    asked = {"SortBy": "AccountIdOwner", "SortOrder": "Ascending"}
    page = ask(service(*hubs), "ListHubs", **asked)
    assert [row["HubName"] for row in page["HubSummaries"]] == ["z", "a", "public"]
    code, message = refusal(service(*hubs, hub("111111111111", "far", "eu-west-1")), "ListHubs", **asked)
    assert code == "ValidationException"
    assert "cannot sort by AccountIdOwner: the dump has records of several regions" in message


def test_devices_that_are_deployed_in_another_stage_are_left_out_if_asked() -> None:
    def device(name: str, **more: object) -> dict[str, Any]:
        row = {
            "EdgeDeploymentPlanArn": f"{ACCOUNT}:edge-deployment/plan",
            "EdgeDeploymentPlanName": "plan",
            "StageName": "stage",
            "DeviceArn": f"{ACCOUNT}:device/{name}",
            "DeviceName": name,
        }
        return {**row, **more}

    answering = service(device("new"), device("here", DeployedStageName="stage"), device("away", DeployedStageName="x"))

    def listed(**members: object) -> set[str]:
        page = ask(answering, "ListStageDevices", EdgeDeploymentPlanName="plan", StageName="stage", **members)
        return {row["DeviceName"] for row in page["DeviceDeploymentSummaries"]}

    assert listed() == listed(ExcludeDevicesDeployedInOtherStage=False) == {"new", "here", "away"}
    assert listed(ExcludeDevicesDeployedInOtherStage=True) == {"new", "here"}
