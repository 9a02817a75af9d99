"""What clients make, stop, delete and tag in a stub is there at once; and calls that a test lets fail."""
# ruff: noqa: ANN401 - boto3's clients have no type

from __future__ import annotations

import datetime as dt
import json
import re
import socket
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

import smsearch
from smsearch import testing
from smsearch.errors import FixedRecordsError, InvalidValueError, UnansweredError
from smsearch.schema import catalogue, operations, writes
from tests.cli.conftest import ACCOUNT, JOBS, job
from tests.service import model

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.testing import Stub

CARRIED_OUT = [write for name in model.model().operation_names if (write := writes.write(name)) is not None]
CREATES = [write.name for write in CARRIED_OUT if write.does == "create"]
LISTS = {
    operations.operation(name).kind: name
    for name in reversed(operations.names())
    if operations.operation(name).results
    and not any(one.is_required for one in operations.operation(name).inputs.values())
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("somebody goes to the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long botocore would have slept between attempts."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def call(client: Any, operation: str, members: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(client, xform_name(operation))(**members)
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def refusal(client: Any, operation: str, members: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(client, operation, members)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def demanded(shape: Any, name: str = "") -> Any:
    """A value with all that the service model demands, and nothing else."""
    match shape.type_name:
        case "structure":
            members = list(shape.required_members) or (list(shape.members)[:1] if shape.is_tagged_union else [])
            return {member: demanded(shape.members[member], member) for member in members}
        case "list":
            return [demanded(shape.member, name)] * max(1, shape.metadata.get("min", 0))
        case "map":
            return {"key": demanded(shape.value, name)}
        case "string":
            return _text(shape, name)
        case "timestamp":
            return dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
        case "boolean":
            return True
    return max(1, shape.metadata.get("min", 1))


TEXTS = (
    "xxxxxxxx",
    "arn:aws:iam::111122223333:role/some-role",
    f"{ACCOUNT}:artifact/an-artifact-that-is-long-enough-for-every-shape",
    f"{ACCOUNT}:cluster/abcdefabcdef",
    f"{ACCOUNT}:training-plan/a-plan-that-is-long-enough-for-every-shape",
    f"{ACCOUNT}:training-job/a-job-that-is-long-enough-for-every-shape",
    "https://example.test/some/place.git",
    "s3://bucket/key",
    f"{ACCOUNT}:inference-component/a-component",
    "d-abcdefgh",
    "1.0.0",
    "0123456789",
)
"""Texts one of which satisfies the pattern of whatever an input demands."""


def _text(shape: Any, name: str) -> str:
    if shape.enum:
        return str(shape.enum[0])
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 10_000)
    fitting = [text for text in TEXTS if least <= len(text) <= most and _matches(shape, text)]
    return next((text for text in fitting if name.endswith("Arn") == text.startswith("arn:")), (fitting or TEXTS)[0])


def _matches(shape: Any, text: str) -> bool:
    try:
        return re.fullmatch(shape.metadata.get("pattern", ".*"), text) is not None
    except re.error:
        return True


def identity(write: writes.Write, document: dict[str, Any]) -> dict[str, Any]:
    """The input of an operation that names a record."""
    asked = operations.operation(write.describe or write.name) if write.describe else None
    members = model.model().operation_model(write.name).input_shape
    found = {name: demanded(members.members[name], name) for name in members.required_members}
    for name, question in asked.questions.items() if asked else ():
        value = model.at(document, question.property)
        if name in members.members and value is not None:
            found[name] = value
    return found


@pytest.mark.parametrize("name", CREATES)
def test_what_is_created_is_described_listed_and_searched_until_it_is_deleted(name: str) -> None:
    write = writes.write(name)
    assert write is not None
    kind = catalogue.resource(write.kind)
    with testing.stub() as jobs:
        client = boto3.client("sagemaker", region_name="eu-west-1")
        shape = model.model().operation_model(name).input_shape
        asked = demanded(shape)
        made = call(client, name, asked)
        (record,) = jobs.searcher.describe(asked[kind.name_path[-1]], kind.name)
        document = record.document[kind.inner] if kind.inner else record.document
        assert made.items() <= {member: document.get(member) for member in made}.items()
        assert record.arn.split(":")[3] == "eu-west-1" or write.kind == "Association"
        for member, word in write.sets.items():
            assert member in asked or document[member] == word
        assert all(member in document for member in write.times)
        describes = [one for one in CARRIED_OUT if one.kind == kind.name and one.does == "delete"]
        for delete in describes:
            asked_of = operations.operation(delete.describe)
            seen = {one: value for one, value in identity(delete, document).items() if one in asked_of.inputs}
            shown = call(client, delete.describe, seen)
            shown = shown[asked_of.wrapper] if asked_of.wrapper else shown
            output = model.model().operation_model(delete.describe).output_shape
            output = output.members[asked_of.wrapper] if asked_of.wrapper else output
            alike = [
                one
                for one in write.takes
                if one in asked and one in output.members and output.members[one].name == shape.members[one].name
            ]
            taken = {member: asked[member] for member in alike}
            assert taken.items() <= {member: shown.get(member) for member in taken}.items()
        if kind.name in LISTS:
            page = call(client, LISTS[kind.name], {})
            assert len(page[operations.operation(LISTS[kind.name]).results]) == 1
        if kind.searchable:
            assert jobs.searcher.search(Resource=kind.name)["TotalHits"]["Value"] == 1
        code, message = refusal(client, name, asked)
        assert code in {"ValidationException", "ResourceInUse"}
        assert "already exist" in message
        for stop in (one for one in CARRIED_OUT if one.kind == kind.name and one.does == "stop"):
            call(client, stop.name, identity(stop, document))
            (stopped,) = jobs.searcher.describe(record.arn, kind.name)
            assert stop.sets.items() <= stopped.document.items()
            assert all(member in stopped.document for member in stop.times)
        for delete in describes:
            call(client, delete.name, identity(delete, document))
            assert jobs.searcher.resources() == {}
            assert refusal(client, delete.name, identity(delete, document))[0]


def test_a_status_or_a_time_is_set_wherever_the_model_has_one() -> None:
    """The generator's rule finds a first status for every kind whose Describe shows one of its own name."""
    for name in CREATES:
        write = writes.write(name)
        assert write is not None
        kind = catalogue.resource(write.kind)
        inner = kind.root.member(kind.inner) if kind.inner else kind.root
        assert isinstance(inner, catalogue.Structure)
        has_status = {"Status", f"{kind.record_key}Status"} & inner.members.keys() - write.inputs.keys()
        enums = [inner.member(member) for member in has_status]
        if any(isinstance(enum, catalogue.Scalar) and enum.enum for enum in enums):
            assert write.sets, name
        if "CreationTime" in inner.members:
            assert "CreationTime" in write.times, name


def test_a_job_goes_its_way() -> None:
    with testing.stub() as jobs:
        client = boto3.client("sagemaker")
        asked = demanded(model.model().operation_model("CreateTrainingJob").input_shape)
        asked |= {
            "TrainingJobName": "mine",
            "Tags": [{"Key": "team", "Value": "nlp"}],
            "HyperParameters": {"lr": "0.1"},
        }
        arn = client.create_training_job(**asked)["TrainingJobArn"]
        shown = client.describe_training_job(TrainingJobName="mine")
        assert (shown["TrainingJobStatus"], shown["SecondaryStatus"]) == ("InProgress", "Starting")
        assert abs(shown["CreationTime"] - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
        filters = [{"Name": "Tags.team", "Value": "nlp"}, {"Name": "HyperParameters.lr", "Value": "0.1"}]
        found = client.search(Resource="TrainingJob", SearchExpression={"Filters": filters})["Results"]
        assert [one["TrainingJob"]["TrainingJobArn"] for one in found] == [arn]
        jobs.upsert({**shown, "TrainingJobStatus": "Completed"})
        client.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="mine")
        message = "The request was rejected because the training job is in status Completed."
        assert refusal(client, "StopTrainingJob", {"TrainingJobName": "mine"}) == ("ValidationException", message)
        assert refusal(client, "StopTrainingJob", {"TrainingJobName": "none"})[1] == "Requested resource not found."


def test_tags_are_added_replaced_and_deleted() -> None:
    model_record = {"ModelName": "m", "ModelArn": f"{ACCOUNT}:model/m"}
    with testing.stub([*JOBS, model_record]):
        client = boto3.client("sagemaker")
        for arn in (f"{ACCOUNT}:training-job/cat-2", f"{ACCOUNT}:model/m"):
            before = {tag["Key"]: tag["Value"] for tag in client.list_tags(ResourceArn=arn)["Tags"]}
            added = client.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "x"}, {"Key": "k", "Value": "v"}])
            after = {**before, "team": "x", "k": "v"}
            assert {tag["Key"]: tag["Value"] for tag in added["Tags"]} == after
            assert client.list_tags(ResourceArn=arn)["Tags"] == added["Tags"]
            client.delete_tags(ResourceArn=arn, TagKeys=["team"])
            assert {tag["Key"] for tag in client.list_tags(ResourceArn=arn)["Tags"]} == after.keys() - {"team"}
        assert (
            refusal(client, "AddTags", {"ResourceArn": f"{ACCOUNT}:model/none", "Tags": []})[0] == "ValidationException"
        )
        shown = client.describe_training_job(TrainingJobName="cat-2")
        assert shown["TrainingJobStatus"] == "Failed", "the rest of the record is as it was"


def test_of_two_regions_each_has_its_own_records() -> None:
    with testing.stub() as jobs:
        clients = [boto3.client("sagemaker", region_name=region) for region in ("us-east-1", "eu-west-1")]
        arns = [client.create_experiment(ExperimentName="e")["ExperimentArn"] for client in clients]
        assert [arn.split(":")[3] for arn in arns] == ["us-east-1", "eu-west-1"]
        assert [client.describe_experiment(ExperimentName="e")["ExperimentArn"] for client in clients] == arns
        clients[0].delete_experiment(ExperimentName="e")
        assert [record.arn for record in jobs.searcher.describe("e")] == arns[1:]


def test_what_is_wrong_changes_nothing() -> None:
    with testing.stub() as jobs:
        client = boto3.client("sagemaker")
        code, message = refusal(client, "CreateExperiment", {"ExperimentName": "not a name!"})
        assert code == "ValidationException"
        assert "Member must satisfy regular expression pattern" in message
        with pytest.raises(UnansweredError, match="UpdateTrial is not answered"):
            client.update_trial(TrialName="t")
        assert jobs.searcher.resources() == {}


def test_the_records_of_a_store_do_not_change(tmp_path: Path) -> None:
    (tmp_path / "jobs.json").write_text(json.dumps(JOBS), encoding="utf-8")
    smsearch.build([tmp_path / "jobs.json"], tmp_path / "store")
    with testing.stub(tmp_path / "store"), pytest.raises(FixedRecordsError, match="do not change"):
        boto3.client("sagemaker").delete_training_job(TrainingJobName="cat-1")


def throttled(jobs: Stub, **how: Any) -> list[str]:
    jobs.fail("Search", "ThrottlingException", **how)
    return [name for name, _ in jobs.calls]


@pytest.mark.parametrize("mode", ["standard", "legacy", "adaptive"])
def test_botocore_retries_a_call_that_fails(mode: str, naps: list[float]) -> None:
    with testing.stub(JOBS) as jobs:
        config = Config(retries={"mode": mode, "max_attempts": 4})
        client = boto3.client("sagemaker", config=config)
        throttled(jobs, times=2)
        answer = client.search(Resource="TrainingJob")
        assert len(answer["Results"]) == 3
        assert answer["ResponseMetadata"]["RetryAttempts"] == 2
        assert [name for name, _ in jobs.calls] == ["Search"] * 3
        assert len(naps) >= 2
        assert client.search(Resource="TrainingJob")["ResponseMetadata"]["RetryAttempts"] == 0


def test_failures_that_outlast_the_retries_are_the_clients_error(naps: list[float]) -> None:
    with testing.stub(JOBS) as jobs:
        client = boto3.client("sagemaker", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
        throttled(jobs, times=3)
        with pytest.raises(ClientError, match=r"reached max retries: 2\): Rate exceeded") as refused:
            client.search(Resource="TrainingJob")
        assert refused.value.response["Error"]["Code"] == "ThrottlingException"
        assert len(client.search(Resource="TrainingJob")["Results"]) == 3
        assert len(naps) == 2


def test_a_failure_is_of_its_operation_alone_and_in_turn(naps: list[float]) -> None:
    with testing.stub(JOBS) as jobs:
        client = boto3.client("sagemaker")
        jobs.fail("DescribeTrainingJob", "ResourceLimitExceeded", message="Too many.")
        jobs.fail("DescribeTrainingJob", "InternalFailure")
        assert len(client.list_training_jobs()["TrainingJobSummaries"]) == 3
        asked = {"TrainingJobName": "cat-1"}
        assert refusal(client, "DescribeTrainingJob", asked) == ("ResourceLimitExceeded", "Too many.")
        assert naps == [], "it is not an error that botocore retries"
        assert client.describe_training_job(**asked)["ResponseMetadata"]["RetryAttempts"] == 1, "a 500 is"


def test_an_operation_that_is_not_answered_may_fail_too(naps: list[float]) -> None:
    with testing.stub() as jobs:
        client = boto3.client("sagemaker", config=Config(retries={"mode": "standard", "total_max_attempts": 1}))
        jobs.fail("QueryLineage", "AccessDeniedException")
        assert refusal(client, "QueryLineage", {})[0] == "AccessDeniedException"
        jobs.fail("CreateExperiment", "ResourceLimitExceeded")
        assert refusal(client, "CreateExperiment", {"ExperimentName": "e"})[0] == "ResourceLimitExceeded"
        assert client.create_experiment(ExperimentName="e")["ExperimentArn"]
        assert naps == []


def test_a_client_of_before_without_credentials_fails_the_same_way(
    naps: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    client = boto3.Session().client("sagemaker", region_name="us-east-1")
    with testing.stub([job("one", "Completed", 1)]) as jobs:
        throttled(jobs)
        assert len(client.search(Resource="TrainingJob")["Results"]) == 1
        assert len(naps) == 1


def test_a_failure_that_could_never_come_is_refused() -> None:
    with testing.stub() as jobs:
        with pytest.raises(InvalidValueError, match="no operation 'search'"):
            jobs.fail("search", "ThrottlingException")
        with pytest.raises(InvalidValueError, match="at least 1"):
            jobs.fail("Search", "ThrottlingException", times=0)
