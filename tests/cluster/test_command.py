"""The command line over Spark, as a process of its own; and what is said where Spark cannot be had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.cluster import session as sessions
from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

QUERY = "status = Failed ORDER BY CreationTime DESC"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYSPARK_SUBMIT_ARGS": "--conf spark.ui.enabled=false pyspark-shell"}
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
        sessions.open_session("local[1]")
