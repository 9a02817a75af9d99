"""boto3's clients answer from records while a stub is entered, whoever made them, and from nothing else."""

from __future__ import annotations

import datetime as dt
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import botocore.client
import botocore.model
import botocore.session
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ParamValidationError

import smsearch
from smsearch import testing
from smsearch.errors import ExportError, FixedRecordsError, MissingLibraryError, UnansweredError
from tests.cli.conftest import ACCOUNT, JOBS, job

if TYPE_CHECKING:
    from smsearch.testing import Stub

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither credentials, nor a region, nor a network."""

    def refused(*_: object) -> None:
        raise AssertionError("somebody goes to the network")

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(socket.socket, "connect", refused)


def names(client: Any, **request: object) -> list[str]:  # noqa: ANN401 - boto3 makes its classes as it goes
    results = client.search(Resource="TrainingJob", SortBy="TrainingJobName", SortOrder="Ascending", **request)
    return [result["TrainingJob"]["TrainingJobName"] for result in results["Results"]]


def before_it() -> Any:  # noqa: ANN401
    """A client that was made before anything was stubbed, and could go to an account."""
    return boto3.Session().client("sagemaker", "eu-west-1", aws_access_key_id="real", aws_secret_access_key="real")  # noqa: S106


def test_a_botocore_of_one_protocol_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client("sagemaker", "eu-west-1")
    monkeypatch.delattr(botocore.model.ServiceModel, "resolved_protocol")  # that of 1.36 has none
    with testing.stub(JOBS):
        assert names(client) == ["cat-1", "cat-2", "dog-1"]


def test_a_client_searches_the_records() -> None:
    with testing.stub(JOBS):
        client = boto3.client("sagemaker")
        assert names(client) == ["cat-1", "cat-2", "dog-1"]
        failed = {"Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Failed"}]}
        assert names(client, SearchExpression=failed) == ["cat-2"]
        pages = client.get_paginator("search").paginate(Resource="TrainingJob", PaginationConfig={"PageSize": 2})
        assert [len(page["Results"]) for page in pages] == [2, 1]


def test_an_answer_is_what_botocore_makes_of_the_wire() -> None:
    with testing.stub(JOBS):
        described = boto3.client("sagemaker").describe_training_job(TrainingJobName="cat-1")
    assert described["CreationTime"] == dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC)
    assert described["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert described["ResponseMetadata"]["RetryAttempts"] == 0


def test_handlers_of_a_client_can_read_the_answer() -> None:
    read: list[Any] = []

    def after(http_response: Any, **_: object) -> None:  # noqa: ANN401 - botocore is untyped
        read.append(json.loads(http_response.content))

    client = before_it()
    client.meta.events.register("after-call.sagemaker", after)
    with testing.stub(JOBS):
        client.list_tags(ResourceArn=f"{ACCOUNT}:training-job/cat-1")
    assert list(read[0]) == ["Tags"]


def test_every_reading_operation_is_answered() -> None:
    with testing.stub(JOBS):
        client = boto3.client("sagemaker")
        summaries = client.list_training_jobs(StatusEquals="Completed")["TrainingJobSummaries"]
        assert {summary["TrainingJobName"] for summary in summaries} == {"cat-1", "dog-1"}
        tags = client.list_tags(ResourceArn=f"{ACCOUNT}:training-job/cat-2")["Tags"]
        assert tags == [{"Key": "team", "Value": "nlp"}]
        client.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="cat-1")


def test_a_member_that_botocore_could_not_read_is_left_out_and_costs_nobody_a_page() -> None:
    broken = job("broken", "Completed", 1, SecondaryStatusTransitions=["Starting"])
    with testing.stub([broken, *JOBS]):
        client = boto3.client("sagemaker")
        assert names(client) == ["broken", "cat-1", "cat-2", "dog-1"]
        shown = client.describe_training_job(TrainingJobName="broken")
        assert shown["TrainingJobStatus"] == "Completed"
        assert not shown.get("SecondaryStatusTransitions")
    group = {
        "FeatureGroupName": "group",
        "FeatureGroupArn": f"{ACCOUNT}:feature-group/group",
        "FeatureDefinitions": [{"FeatureName": "vector", "CollectionConfig": {}}],
    }
    with testing.stub(group):
        described = boto3.client("sagemaker").describe_feature_group(FeatureGroupName="group")
    assert [definition["FeatureName"] for definition in described["FeatureDefinitions"]] == ["vector"]


def test_what_changes_is_seen_by_the_next_call() -> None:
    with testing.stub() as jobs:
        client = boto3.client("sagemaker")
        assert names(client) == []
        jobs.upsert(*JOBS)
        assert names(client) == ["cat-1", "cat-2", "dog-1"]
        jobs.upsert(job("cat-1", "Stopped", 5))
        assert client.describe_training_job(TrainingJobName="cat-1")["TrainingJobStatus"] == "Stopped"
        assert jobs.remove("dog-1") == 1
        assert names(client) == ["cat-1", "cat-2"]


def test_what_was_asked_is_kept() -> None:
    with testing.stub(JOBS) as jobs:
        boto3.client("sagemaker").describe_training_job(TrainingJobName="cat-1")
    assert [(name, json.loads(body)) for name, body in jobs.calls] == [
        ("DescribeTrainingJob", {"TrainingJobName": "cat-1"})
    ]


def test_an_error_is_the_services_own() -> None:
    with testing.stub(JOBS):
        client = boto3.client("sagemaker")
        with pytest.raises(ClientError) as refused:
            client.search(Resource="TrainingJob", SortBy="Nonsense")
        assert refused.value.response["Error"]["Code"] == "ValidationException"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        with pytest.raises(ClientError, match="Requested resource not found"):
            client.describe_training_job(TrainingJobName="cow-1")
        with pytest.raises(client.exceptions.ResourceNotFound):
            client.describe_feature_group(FeatureGroupName="none")
        with pytest.raises(ParamValidationError):
            client.search()


def test_an_operation_that_is_not_answered_is_refused_clearly() -> None:
    with testing.stub(JOBS):
        client = boto3.client("sagemaker")
        with pytest.raises(UnansweredError, match="UpdateTrainingJob is not answered by a stub of records"):
            client.update_training_job(TrainingJobName="cat-1")


def test_clients_of_before_and_of_any_session_are_answered() -> None:
    old, session = before_it(), botocore.session.Session()
    with testing.stub(JOBS):
        made = [
            old,
            boto3.client("sagemaker"),
            boto3.Session().client("sagemaker", region_name="us-west-2"),
            session.create_client("sagemaker"),
            session.create_client("sagemaker", "eu-west-3"),
        ]
        assert all(names(client) == ["cat-1", "cat-2", "dog-1"] for client in made)
        assert [client.meta.region_name for client in made[1:]] == ["us-east-1", "us-west-2", "us-east-1", "eu-west-3"]


def test_the_configured_region_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    with testing.stub():
        assert boto3.client("sagemaker").meta.region_name == "ap-south-1"


def test_arguments_by_position_are_as_those_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "real")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    session = botocore.session.Session()
    with testing.stub(JOBS):
        made_up = session.create_client("sagemaker", "eu-west-3")
        given = session.create_client("sagemaker", *(None, None, True, None, None), "given", "given")
    assert "smsearch-testing" in made_up.generate_presigned_url("list_models")
    assert "given" in given.generate_presigned_url("list_models")
    assert (made_up.meta.region_name, given.meta.region_name) == ("eu-west-3", "us-east-1")


def test_other_services_are_left_alone() -> None:
    with testing.stub(), pytest.raises(NoCredentialsError):
        boto3.client("s3", region_name="eu-west-1").list_buckets()


def test_the_innermost_stub_answers() -> None:
    client = before_it()
    with testing.stub([job("outer", "Completed", 1)]):
        with testing.stub([job("inner", "Completed", 1)]):
            assert names(client) == ["inner"]
        assert names(client) == ["outer"]


def test_after_the_block_a_client_goes_where_it_would_have_gone() -> None:
    old = before_it()
    with testing.stub(JOBS):
        new = boto3.client("sagemaker")
        assert names(old) == names(new)
    for client in (old, new):
        with pytest.raises(EndpointConnectionError):
            client.search(Resource="TrainingJob")


def test_botocore_is_as_it_was_even_after_an_exception() -> None:
    methods = (botocore.client.BaseClient._make_api_call, botocore.session.Session.create_client)  # noqa: SLF001
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), testing.stub(JOBS), testing.stub(JOBS):
            raise ZeroDivisionError
        assert methods == (botocore.client.BaseClient._make_api_call, botocore.session.Session.create_client)  # noqa: SLF001


def test_what_somebody_else_has_wrapped_since_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    with testing.stub(JOBS):
        ours = botocore.client.BaseClient._make_api_call  # noqa: SLF001

        def theirs(client: object, name: str, parameters: object) -> object:
            seen.append(name)
            return ours(client, name, parameters)

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", theirs)
        assert len(names(boto3.client("sagemaker"))) == 3
    assert botocore.client.BaseClient._make_api_call is theirs  # noqa: SLF001
    with testing.stub([job("again", "Completed", 1)]):
        assert names(before_it()) == ["again"]
    assert seen == ["Search", "Search"]


def test_threads_share_a_stub() -> None:
    found: list[int] = []
    with testing.stub() as jobs:
        client = boto3.client("sagemaker")

        def work(number: int) -> None:
            jobs.upsert(job(f"job-{number}", "Completed", 1))
            described = client.describe_training_job(TrainingJobName=f"job-{number}")
            assert described["TrainingJobName"] == f"job-{number}"
            found.append(number)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == list(range(20))
        assert len(jobs.searcher.query("")) == 20


def test_records_come_from_wherever_smsearch_reads_them(tmp_path: Path) -> None:
    dump = tmp_path / "jobs.jsonl"
    dump.write_text("".join(json.dumps(one) + "\n" for one in JOBS))
    smsearch.build([dump], tmp_path / "store")
    for records in (JOBS, iter(JOBS), dump, str(dump), [dump], smsearch.open(dump), tmp_path / "store"):
        with testing.stub(records):
            assert names(boto3.client("sagemaker")) == ["cat-1", "cat-2", "dog-1"]
    with testing.stub(JOBS[0]):
        assert names(boto3.client("sagemaker")) == ["cat-1"]
    with testing.stub(tmp_path / "store") as fixed:
        with pytest.raises(FixedRecordsError, match="do not change"):
            fixed.upsert(JOBS[0])
        with pytest.raises(FixedRecordsError):
            fixed.remove("cat-1")
    with pytest.raises(ExportError), testing.stub([{"no": "record"}]):
        pass


def test_the_fixture_is_there_for_everybody(sagemaker_records: Stub) -> None:
    assert names(boto3.client("sagemaker")) == []
    sagemaker_records.upsert(JOBS[2])
    assert names(boto3.client("sagemaker")) == ["dog-1"]


def test_botocore_is_imported_when_a_stub_is_entered_and_not_before() -> None:
    script = (
        "import sys, smsearch.testing, smsearch.testing.plugin\n"
        "heavy = {'boto3', 'botocore', 'numpy', 'lark', 'pyarrow'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
        "with smsearch.testing.stub():\n    assert 'botocore' in sys.modules and 'boto3' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_without_botocore_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.client", None)
    with pytest.raises(MissingLibraryError, match="pip install boto3"), testing.stub():
        pass
    assert not sys.modules["smsearch.testing.interception"]._answers  # noqa: SLF001
