"""Kinds that are only listed, belong to a parent, or come under a member of their own: fetched, and read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from smsearch.errors import RefusedError
from smsearch.export.endpoint import Address
from smsearch.export.routes import route
from smsearch.export.run import Options, export
from smsearch.ingest.load import read
from smsearch.ingest.report import Report
from smsearch.schema import catalogue
from tests.export.fake import ACCOUNT, Fake

if TYPE_CHECKING:
    from pathlib import Path

ARN = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:"


def fetched(fake: Fake, folder: Path, kind: str, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of a kind that an endpoint of such answers gives, as they are read from the files."""

    def before(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        answer = answers[operation]
        found: dict[str, Any] = answer(request) if callable(answer) else answer
        return found

    fake.before = before
    report = export(folder, Options(Address(fake.url, "eu-west-1"), (kind,)))
    assert report.is_complete, report.to_text()
    records = list(read([str(folder)], Report()))
    assert {record.resource for record in records} == {kind}
    return [record.document for record in records]


def test_steps_are_those_of_each_execution_of_each_pipeline(fake: Fake, tmp_path: Path) -> None:
    def executions(request: dict[str, Any]) -> dict[str, Any]:
        arn = f"{ARN}pipeline/{request['PipelineName']}/execution/1"
        return {"PipelineExecutionSummaries": [{"PipelineExecutionArn": arn}]}

    pipelines = [{"PipelineName": name, "PipelineArn": f"{ARN}pipeline/{name}"} for name in ("p", "q")]
    steps = [{"StepName": "train", "StepStatus": "Succeeded", "StartTime": 1700000000}]
    answers = {
        "ListPipelines": {"PipelineSummaries": pipelines},
        "ListPipelineExecutions": executions,
        "ListPipelineExecutionSteps": {"PipelineExecutionSteps": steps},
    }
    found = fetched(fake, tmp_path, "PipelineExecutionStep", answers)
    assert sorted(step["PipelineExecutionArn"].split("/")[1] for step in found) == ["p", "q"]
    assert {step["StepName"] for step in found} == {"train"}


def test_a_node_says_of_which_cluster_it_is(fake: Fake, tmp_path: Path) -> None:
    cluster = {"ClusterName": "c", "ClusterArn": f"{ARN}cluster/abcdefabcdef"}
    node = {"InstanceId": "i-1", "InstanceGroupName": "g", "InstanceType": "ml.c5.large"}
    answers = {
        "ListClusters": {"ClusterSummaries": [cluster]},
        "ListClusterNodes": {"ClusterNodeSummaries": [node]},
        "DescribeClusterNode": lambda request: {"NodeDetails": {**node, "InstanceId": request["NodeId"]}},
    }
    (found,) = fetched(fake, tmp_path, "ClusterNode", answers)
    assert found == {**cluster, **node}


def test_what_stands_under_a_member_of_its_own_has_its_tags_too(fake: Fake, tmp_path: Path) -> None:
    team = {"WorkteamName": "w", "WorkteamArn": f"{ARN}workteam/private-crowd/w", "Description": "us"}
    answers = {
        "ListWorkteams": {"Workteams": [team]},
        "DescribeWorkteam": {"Workteam": team},
        "ListTags": {"Tags": [{"Key": "a", "Value": "b"}]},
    }
    (found,) = fetched(fake, tmp_path, "Workteam", answers)
    assert found == {**team, "Tags": [{"Key": "a", "Value": "b"}]}


def test_a_definition_is_described_by_what_its_summary_calls_otherwise(fake: Fake, tmp_path: Path) -> None:
    arn = f"{ARN}model-bias-job-definition/d"
    summary = {"MonitoringJobDefinitionName": "d", "MonitoringJobDefinitionArn": arn, "EndpointName": "e"}
    answers = {
        "ListModelBiasJobDefinitions": {"JobDefinitionSummaries": [summary]},
        "DescribeModelBiasJobDefinition": lambda request: {**request, "JobDefinitionArn": arn},
        "ListTags": {"Tags": []},
    }
    (found,) = fetched(fake, tmp_path, "ModelBiasJobDefinition", answers)
    assert found["JobDefinitionName"] == "d"


def test_every_kind_is_reached_but_those_that_nothing_lists() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    refused = set()
    for kind in catalogue.kinds():
        try:
            route(kind, model)
        except RefusedError:
            refused.add(kind)
    assert refused == {"ReservedCapacity", "StageDevice", "UltraServer"}


@pytest.mark.parametrize("kind", ["ReservedCapacity"])
def test_what_nothing_lists_is_refused(fake: Fake, tmp_path: Path, kind: str) -> None:
    with pytest.raises(RefusedError, match=f"lists every {kind}"):
        export(tmp_path, Options(Address(fake.url, "eu-west-1"), (kind,)))
