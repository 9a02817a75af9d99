"""A worker that dies: between two pages, and while a job runs. The listing is complete, and nothing comes twice."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from smsearch.archive import manifest
from smsearch.cluster.engine import SparkEngine
from smsearch.errors import ClusterError, InvalidNextTokenError, StoreError
from smsearch.frozen import replace
from smsearch.ingest import archive as archiving
from smsearch.ingest import load
from smsearch.ingest.report import Report
from smsearch.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cluster.standalone import Standalone

JOBS = 600
FILES = 100
EXPRESSION = {"Filters": [{"Name": "HyperParameters.lr", "Operator": "LessThan", "Value": "0.9"}]}


def _jobs(numbers: range) -> list[dict[str, Any]]:
    return [
        {
            "TrainingJob": {
                "TrainingJobName": f"job-{number:04}",
                "CreationTime": 1_700_000_000 + number,
                "HyperParameters": {"lr": f"0.{number % 10}"},
            }
        }
        for number in numbers
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of many small files, so that a job over it has many tasks."""
    monkeypatch.setattr(archiving, "FILE_ROWS", JOBS // FILES)
    archiving.write(load.from_objects(_jobs(range(JOBS)), Report()), tmp_path)
    return tmp_path


@pytest.fixture
def one_file_a_task(spark: Any) -> Iterator[None]:  # noqa: ANN401 - pyspark's types are not asked for
    spark.conf.set("spark.sql.files.maxPartitionBytes", "4194304")
    spark.conf.set("spark.sql.files.openCostInBytes", "4194304")
    yield
    spark.conf.unset("spark.sql.files.maxPartitionBytes")
    spark.conf.unset("spark.sql.files.openCostInBytes")


def _names(page: dict[str, Any]) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]


def _expected() -> list[str]:
    jobs = [
        job["TrainingJob"] for job in _jobs(range(JOBS)) if float(job["TrainingJob"]["HyperParameters"]["lr"]) < 0.9
    ]
    return [job["TrainingJobName"] for job in sorted(jobs, key=lambda job: -job["CreationTime"])]


def test_a_worker_dies_between_two_pages(standalone: Standalone, spark: Any, folder: Path) -> None:  # noqa: ANN401
    searcher = Searcher(SparkEngine(spark, str(folder)), Report())
    request: dict[str, Any] = {
        "Resource": "TrainingJob",
        "SearchExpression": EXPRESSION,
        "SortBy": "CreationTime",
        "MaxResults": 90,
    }
    found: list[str] = []
    for turn in range(JOBS):
        page = searcher.search(**request)
        found += _names(page)
        assert page["TotalHits"]["Value"] == len(_expected())
        if turn == 0:
            standalone.kill_worker()
        if "NextToken" not in page:
            break
        request["NextToken"] = page["NextToken"]
    standalone.add_worker()
    assert turn == 5
    assert found == _expected()


@pytest.mark.usefixtures("one_file_a_task")
def test_a_worker_dies_in_the_middle_of_a_job(standalone: Standalone, spark: Any, folder: Path) -> None:  # noqa: ANN401
    searcher = Searcher(SparkEngine(spark, str(folder)), Report())
    query = "HyperParameters.lr < 0.9 ORDER BY CreationTime DESC"
    found: list[str] = []
    running = threading.Thread(target=lambda: found.extend(searcher.query(query).names()))
    running.start()
    done = _wait_for_a_job(spark, running)
    standalone.kill_worker()
    running.join(timeout=180)
    standalone.add_worker()
    assert 0 < done < FILES, "the worker died too late to matter"
    assert found == _expected()


def _wait_for_a_job(spark: Any, running: threading.Thread) -> int:  # noqa: ANN401
    """How many tasks of the running stage were done when some were and others not."""
    tracker = spark.sparkContext.statusTracker()
    while running.is_alive():
        for stage in tracker.getActiveStageIds():
            known = tracker.getStageInfo(stage)
            if known is not None and known.numTasks == FILES and 3 < known.numCompletedTasks < FILES // 2:
                return int(known.numCompletedTasks)
        time.sleep(0.002)
    return 0


def test_a_token_of_another_snapshot_has_expired_and_its_reader_goes_on(spark: Any, folder: Path) -> None:  # noqa: ANN401
    before = Searcher(SparkEngine(spark, str(folder)), Report())
    request: dict[str, Any] = {"Resource": "TrainingJob", "SortBy": "CreationTime", "MaxResults": 100}
    request["NextToken"] = before.search(**request)["NextToken"]
    archiving.write(load.from_objects(_jobs(range(JOBS, JOBS + 1)), Report()), folder, add=True)
    after = Searcher(SparkEngine(spark, str(folder)), Report())
    assert after.resources() == {"TrainingJob": JOBS + 1}
    with pytest.raises(InvalidNextTokenError, match="expired"):
        after.search(**request)
    assert len(before.search(**request)["Results"]) == 100


def test_a_file_that_has_gone_is_an_error_and_no_shorter_answer(spark: Any, folder: Path) -> None:  # noqa: ANN401
    searcher = Searcher(SparkEngine(spark, str(folder)), Report())
    next((folder / "TrainingJob").iterdir()).unlink()
    with pytest.raises(ClusterError, match="Spark could not answer"):
        searcher.search(Resource="TrainingJob", SearchExpression=EXPRESSION)


@pytest.fixture
def heedless(spark: Any) -> Iterator[None]:  # noqa: ANN401
    """A session that passes over what it cannot read."""
    names = ("spark.sql.files.ignoreCorruptFiles", "spark.sql.files.ignoreMissingFiles")
    for name in names:
        spark.conf.set(name, "true")
    yield
    for name in names:
        spark.conf.unset(name)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """An archive of one file."""
    archiving.write(load.from_objects(_jobs(range(9)), Report()), tmp_path / "few")
    return tmp_path / "few"


def _shorten(folder: Path) -> None:
    """Replaces the file of an archive by one that has fewer of its records."""
    (path,) = (folder / "TrainingJob").iterdir()
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.slice(0, 4), path, compression="zstd")


@pytest.mark.usefixtures("heedless")
@pytest.mark.parametrize("is_uri", [False, True])
def test_a_file_replaced_by_a_shorter_one_is_an_error(spark: Any, few: Path, is_uri: bool) -> None:  # noqa: ANN401, FBT001
    source = few.as_uri() if is_uri else str(few)
    before = Searcher(SparkEngine(spark, source), Report())
    assert len(before.query("HyperParameters.lr < 0.4")) == 4
    _shorten(few)
    for query in ("HyperParameters.lr < 0.4", "HyperParameters.lr >= 0.4", ""):
        with pytest.raises((StoreError, ClusterError)):
            list(before.query(query).names())
    with pytest.raises(StoreError, match=r"part-\w+\.parquet is damaged: it has [\d,]+ bytes; [\d,]+ were written"):
        len(Searcher(SparkEngine(spark, source), Report()).query("HyperParameters.lr < 0.4"))


def test_an_answer_of_every_record_has_as_many_as_the_manifest_says(spark: Any, few: Path) -> None:  # noqa: ANN401
    archive = manifest.read_manifest(few)
    (entry,) = archive.files
    manifest.write_manifest(few, replace(archive, files=(replace(entry, rows=entry.rows + 1),)))
    searcher = Searcher(SparkEngine(spark, str(few)), Report())
    message = "Spark reads 9 records of TrainingJob; 10 were written"
    with pytest.raises(StoreError, match=message):
        searcher.search(Resource="TrainingJob")
    with pytest.raises(StoreError, match=message):
        searcher.query("").facet("HyperParameters.lr")
    with pytest.raises(StoreError, match=message):
        searcher.query("").group_by("HyperParameters.lr").agg(jobs="count(*)")
    assert len(searcher.query("HyperParameters.lr < 0.4")) == 4


def test_a_folder_may_have_any_name(spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    folder = tmp_path / "a b{1,2}[x]*?é%20"
    archiving.write(load.from_objects(_jobs(range(3)), Report()), folder)
    records = SparkEngine(spark, str(folder))
    assert [record.name for record in records.find("TrainingJob", "job-0001")] == ["job-0001"]
    assert len(Searcher(records, Report()).query("HyperParameters.lr = 0.1")) == 1


def test_a_manifest_is_read_through_spark_where_a_uri_names_the_archive(spark: Any, folder: Path) -> None:  # noqa: ANN401
    records = SparkEngine(spark, folder.as_uri())
    assert records.resources() == {"TrainingJob": JOBS}
    assert records.snapshot == SparkEngine(spark, str(folder)).snapshot
    assert len(Searcher(records, Report()).query("HyperParameters.lr = 0.1")) == JOBS // 10
    with pytest.raises(ClusterError):
        SparkEngine(spark, (folder / "nothing").as_uri())
