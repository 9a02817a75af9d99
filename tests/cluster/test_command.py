"""The command line over Spark, as a process of its own; and what is said where Spark cannot be had."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
import pytest

import smsearch
from smsearch.cluster import session as sessions
from smsearch.errors import ClusterError
from tests.cluster.kinds import SUBMIT_ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

QUERY = "status = Failed ORDER BY CreationTime DESC"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYSPARK_SUBMIT_ARGS": SUBMIT_ARGUMENTS}
    command = [sys.executable, "-m", "smsearch", *arguments]
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def archive(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("command") / "archive"
    smsearch.build_archive([repository / "data" / "exports"], folder)
    return str(folder)


def test_search_prints_what_it_prints_without_a_cluster(archive: str, repository: Path) -> None:
    at = ("--engine", "spark", "--master", "local[2]")
    over_spark = _run("search", archive, QUERY, *at, "-f", "names")
    here = _run("search", str(repository / "data" / "exports"), QUERY, "-f", "names")
    assert over_spark.returncode == 0, over_spark.stderr
    assert over_spark.stdout == here.stdout != ""


@pytest.mark.parametrize(
    "question",
    [
        ("facet", ("TrainingJobStatus", "Metrics.validation:accuracy", "CreationTime", "--format", "json")),
        ("values", ("TrainingJobStatus", "--format", "json")),
        ("describe", ("{name}",)),
    ],
    ids=lambda question: question[0],
)
def test_verbs_print_what_they_print_over_a_store(
    question: tuple[str, tuple[str, ...]], archive: str, repository: Path
) -> None:
    exports = str(repository / "data" / "exports")
    verb, asked = question
    name = next(iter(smsearch.open(exports).query("").names()))
    arguments = [one.format(name=name) for one in asked]
    over_spark = _run(verb, archive, *arguments, "--engine", "spark", "--master", "local[2]")
    here = _run(verb, exports, "-q", *arguments)
    assert over_spark.returncode == 0, over_spark.stderr
    assert over_spark.stdout == here.stdout != ""
    assert over_spark.stderr == "", "Spark has nothing to say there"


def test_explain_says_what_spark_does(archive: str) -> None:
    done = _run("explain", archive, QUERY, "--engine", "spark", "--master", "local[2]")
    assert done.returncode == 0, done.stderr
    assert "plan      spark" in done.stdout
    assert "pushed    " in done.stdout
    assert "TrainingJobStatus.text" in done.stdout


@contextmanager
def _served(archive: str) -> Iterator[str]:
    """The URL of `smsearch serve` over Spark."""
    environment = {**os.environ, "PYSPARK_SUBMIT_ARGS": SUBMIT_ARGUMENTS}
    at = ("--engine", "spark", "--master", "local[2]")
    command = [sys.executable, "-m", "smsearch", "serve", archive, "--port", "0", *at]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rpartition("=")[2]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_boto3_is_served_by_spark(archive: str, repository: Path) -> None:
    here = smsearch.open(repository / "data" / "exports")
    request = {"Resource": "TrainingJob", "SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 7}
    with _served(archive) as url:
        client = boto3.client(
            "sagemaker",
            endpoint_url=url,
            region_name="eu-west-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - boto3 wants one, and nobody asks for it
        )
        first = client.search(**request)
        expected = here.search(**request)
        assert [one["TrainingJob"]["TrainingJobName"] for one in first["Results"]] == [
            one["TrainingJob"]["TrainingJobName"] for one in expected["Results"]
        ]
        assert first["TotalHits"] == expected["TotalHits"]
        failed = list(here.query("TrainingJobStatus = Failed").names())
        pages = client.get_paginator("list_training_jobs").paginate(
            StatusEquals="Failed", PaginationConfig={"PageSize": 4}
        )
        listed = [one["TrainingJobName"] for page in pages for one in page["TrainingJobSummaries"]]
        assert len(listed) > 4
        assert sorted(listed) == sorted(failed)
        assert client.describe_training_job(TrainingJobName=failed[0])["TrainingJobStatus"] == "Failed"
        with pytest.raises(client.exceptions.ClientError, match="not found"):
            client.describe_training_job(TrainingJobName="no-such-job")


def test_the_library_gives_what_a_store_gives(
    archive: str,
    repository: Path,
    spark: Any,  # noqa: ANN401 - pyspark's types are not asked for
    tmp_path: Path,
) -> None:
    smsearch.build([repository / "data" / "exports"], tmp_path)
    over_spark, here = smsearch.open(archive, engine="spark", session=spark), smsearch.open(tmp_path)
    assert list(over_spark.query(QUERY)) == list(here.query(QUERY))
    assert over_spark.resources() == here.resources()
    request = {"Resource": "TrainingJob", "SortBy": "HyperParameters.learning_rate", "MaxResults": 100}
    first, second = over_spark.search(**request), here.search(**request)
    assert first["Results"] == second["Results"]
    assert first["TotalHits"] == second["TotalHits"]
    on_the_wire = [json.loads(one.search_json(json.dumps(request).encode())) for one in (over_spark, here)]
    assert on_the_wire[0]["Results"] == on_the_wire[1]["Results"]
    assert "plan      spark" in over_spark.query(QUERY).explain()


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (("--master", "nonsense"), "No session of Spark at nonsense"),
        (("--remote", "sc://127.0.0.1:1"), "No server at sc://127.0.0.1:1"),
    ],
)
def test_a_cluster_that_is_not_there_is_an_error_with_a_hint(archive: str, at: tuple[str, str], says: str) -> None:
    done = _run("count", archive, "status = Failed", "--engine", "spark", *at)
    assert done.returncode == 3
    assert says in done.stderr
    assert "hint: Check the URL" in done.stderr


def test_without_java_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(ClusterError, match="openjdk-17-jre-headless"):
        sessions.open_session(sessions.SparkAddress("local[1]"))
