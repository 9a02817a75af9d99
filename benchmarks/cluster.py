"""A store on this machine beside Spark with one worker and with two: `python -m benchmarks.cluster N`.

The queries are those of `queries.py`, first pages and counts. Every answer is compared before it is timed; a time is
the median of some repetitions, TotalHits counted anew in each. The workers are processes of this machine, with one core
and 512 MB for an executor each, so two of them say what a second core brings and not what a second machine would.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import smsearch
from benchmarks.generate import lines
from benchmarks.queries import PAGE, queries
from benchmarks.training_job import training_job
from smsearch.cluster.session import SparkAddress, open_session
from tests.cluster.standalone import Standalone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsearch.searcher import Searcher

REPETITIONS: Final = 3
WORKERS: Final = (1, 2)
_ARGUMENTS: Final = (
    "--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false "
    "--conf spark.executor.memory=512m --conf spark.executor.cores=1 --conf spark.driver.memory=768m pyspark-shell"
)


def main() -> None:
    """Makes what is missing, asks, compares, and prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100_000, help="how many training jobs")
    parser.add_argument("--folder", type=Path, help="where dump, store and archive are kept; else they are not")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        _make(folder, arguments.count)
        store = smsearch.open(folder / "store")
        asked = _requests(arguments.count)
        expected = {name: _names(store, request) for name, request in asked.items()}
        columns = {"store": {name: _timed(store, request) for name, request in asked.items()}}
        for workers in WORKERS:
            columns[f"Spark, {workers}"] = _over_spark(folder, workers, asked, expected)
    _print(asked, columns)


def _make(folder: Path, count: int) -> None:
    dump = folder / "jobs.jsonl"
    if not dump.exists():
        with dump.open("wb") as file:
            file.writelines(lines(count))
    makers: dict[str, Callable[[list[Path], Path], object]] = {
        "store": smsearch.build,
        "archive": smsearch.build_archive,
    }
    for name, build in makers.items():
        if not (folder / name).exists():
            begun = time.perf_counter()
            build([dump], folder / name)
            spent = time.perf_counter() - begun
            size = sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file())
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"{name}: {spent:.0f} s, {size / 1e6:,.0f} MB, at most {peak / 1e3:,.0f} MB of memory", flush=True)


def _requests(count: int) -> dict[str, Mapping[str, Any]]:
    size = {"Resource": "TrainingJob", "MaxResults": PAGE}
    name = str(training_job(1, count // 2)["TrainingJobName"])
    return {query.name: {**size, **query.request} for query in queries(count, name) if query.page == 1}


def _names(searcher: Searcher, request: Mapping[str, Any]) -> list[Any]:
    page = searcher.search(**request)
    return [page["TotalHits"], [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]]


def _timed(searcher: Searcher, request: Mapping[str, Any]) -> float:
    spent = []
    for _ in range(REPETITIONS):
        searcher.forget()
        begun = time.perf_counter()
        searcher.search(**request)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def _over_spark(
    folder: Path, workers: int, asked: dict[str, Mapping[str, Any]], expected: dict[str, list[Any]]
) -> dict[str, float]:
    os.environ.update(PYSPARK_SUBMIT_ARGS=_ARGUMENTS, SPARK_LOCAL_IP="127.0.0.1")
    with tempfile.TemporaryDirectory() as scratch, Standalone(Path(scratch), workers) as cluster:
        session = open_session(SparkAddress(cluster.url))
        try:
            searcher = smsearch.open(folder / "archive", engine="spark", session=session)
            for name, request in asked.items():
                if _names(searcher, request) != expected[name]:
                    sys.exit(f"{name}: Spark answers otherwise than the store")
            return {name: _timed(searcher, request) for name, request in asked.items()}
        finally:
            session.stop()


def _print(asked: dict[str, Mapping[str, Any]], columns: dict[str, dict[str, float]]) -> None:
    print("| query | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name in asked:
        cells = (f"{found[name] * 1000:,.1f} ms" for found in columns.values())
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
