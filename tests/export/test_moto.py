"""An export from moto's server, which follows the service in its own way: jobs, models, endpoints, tags."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

import smsearch
from smsearch.export.endpoint import Address
from smsearch.export.run import Options, export
from tests.export.conftest import lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROLE = "arn:aws:iam::123456789012:role/role"
KINDS = ("TrainingJob", "Model", "EndpointConfig", "Endpoint", "Experiment", "ModelPackageGroup")


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The URL of a moto server."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(moto: str) -> Any:  # noqa: ANN401 - boto3 makes its classes as it goes
    """A client of boto3 for an account with nothing in it."""
    import boto3

    with urlopen(Request(f"{moto}/moto-api/reset", method="POST")):  # noqa: S310 - it is on this machine
        pass
    return boto3.client("sagemaker", endpoint_url=moto, region_name="eu-west-1")


def make_job(client: Any, number: int) -> None:  # noqa: ANN401
    client.create_training_job(
        TrainingJobName=f"job-{number:03}",
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://bucket/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        HyperParameters={"lr": f"0.{number:03}"},
        Tags=[{"Key": "team", "Value": "nlp" if number % 2 else "vision"}],
    )


def make_endpoint(client: Any) -> None:  # noqa: ANN401
    tags = [{"Key": "stage", "Value": "test"}]
    client.create_model(ModelName="model", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "image"}, Tags=tags)
    variant = {"VariantName": "all", "ModelName": "model", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    client.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant], Tags=tags)
    client.create_endpoint(EndpointName="endpoint", EndpointConfigName="config", Tags=tags)
    client.create_experiment(ExperimentName="experiment", Tags=tags)
    client.create_model_package_group(ModelPackageGroupName="group", ModelPackageGroupDescription="empty", Tags=tags)


def test_every_kind_comes_with_its_tags_and_can_be_searched(moto: str, client: Any, tmp_path: Path) -> None:  # noqa: ANN401
    for number in range(130):
        make_job(client, number)
    make_endpoint(client)
    report = export(tmp_path, Options(Address(moto), KINDS))
    assert report.is_complete, report.to_text()
    assert {one.kind: one.written for one in report.kinds} == dict(zip(KINDS, (130, 1, 1, 1, 1, 1), strict=True))
    exported = smsearch.open(tmp_path)
    assert exported.report.skipped == 0
    assert exported.resources() == {one.kind: one.written for one in report.kinds}
    assert len(exported.query("tags.team = nlp AND HyperParameters.lr >= 0.1")) == 15
    for kind in ("Model", "Endpoint", "ModelPackageGroup"):
        assert len(exported.query("tags.stage = test", resource=kind)) == 1, kind


def test_a_document_is_what_boto3_gives(moto: str, client: Any, tmp_path: Path) -> None:  # noqa: ANN401
    make_job(client, 1)
    export(tmp_path, Options(Address(moto), ("TrainingJob",)))
    described = client.describe_training_job(TrainingJobName="job-001")
    tags = client.list_tags(ResourceArn=described["TrainingJobArn"])["Tags"]
    (job,) = smsearch.open(tmp_path).query("")
    described.pop("ResponseMetadata")
    assert job == {**described, "Tags": tags}
    (document,) = lines(tmp_path / "TrainingJob.jsonl")
    assert document["CreationTime"].endswith("Z")


def test_search_gives_the_same_jobs(moto: str, client: Any, tmp_path: Path) -> None:  # noqa: ANN401
    for number in range(5):
        make_job(client, number)
    export(tmp_path / "listed", Options(Address(moto), ("TrainingJob",)))
    export(tmp_path / "searched", Options(Address(moto), ("TrainingJob",), by_search=True))
    listed, searched = (smsearch.open(tmp_path / way).query("ORDER BY name") for way in ("listed", "searched"))
    assert list(listed.names()) == list(searched.names()) == [f"job-{number:03}" for number in range(5)]
