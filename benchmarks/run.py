"""Runs the benchmark: `python -m benchmarks.run N`, or `make bench N=...`.

Every engine loads, answers and is timed in processes of its own. All answers are compared before anything is timed:
names in order and exact totals; a difference ends the run. Results go to a JSON file that `report.py` makes a table of.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks.engines import ENGINES, REFERENCE_MAX
from benchmarks.queries import queries

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE: Final = Path(__file__).parent / ".cache"
RESULTS: Final = Path(__file__).parent / "results"
BUDGET_SECONDS: Final = 0.5
"""For each query and engine; at least a few repetitions whatever they take."""
REPETITIONS: Final = (5, 300)
PACKAGES: Final = ("duckdb", "polars", "pyarrow", "numpy", "orjson")


def main() -> None:
    """Runs a benchmark, or, as a child of one, a single step of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000, help="how many training jobs")
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=[*ENGINES])
    parser.add_argument("--folder", type=Path, default=CACHE, help="where dumps and databases are kept")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--step", nargs=3, metavar=("STEP", "ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        step, engine, folder = arguments.step
        sys.stdout.buffer.write(orjson.dumps(STEPS[step](engine, Path(folder), arguments.count)))
        return
    file = run(arguments.count, arguments.engines, arguments.folder, arguments.results)
    print(f"results in {file}")


def run(count: int, engines: list[str], folder: Path, results: Path) -> Path:
    """The results of a run, as a file.

    Raises:
        SystemExit: Two engines do not give the same answer, or one of them fails.
    """
    place = folder / str(count)
    place.mkdir(parents=True, exist_ok=True)
    dump = place / "jobs.jsonl"
    if not dump.exists():
        _python(["-m", "benchmarks.generate", str(count), "-o", str(dump)])
    chosen = [name for name in engines if name != "reference" or count <= REFERENCE_MAX]
    found: dict[str, Any] = {"count": count, "dump_bytes": dump.stat().st_size, **machine(), "engines": {}}
    for name in chosen:
        (place / name).mkdir(exist_ok=True)
        found["engines"][name] = {"load": _step("load", name, place, count)}
        print(f"{name}: loaded in {found['engines'][name]['load']['seconds']:.1f} s", flush=True)
    answers = {name: _step("answer", name, place, count) for name in chosen}
    compare(answers)
    print("all answers are equal", flush=True)
    for name in chosen:
        if name != "reference":
            found["engines"][name] |= _step("time", name, place, count)
            print(f"{name}: timed", flush=True)
    found["one_shot"] = _one_shots(place)
    results.mkdir(parents=True, exist_ok=True)
    file = results / f"{datetime.now(UTC):%Y-%m-%d}-{count}.json"
    file.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    return file


def machine() -> dict[str, Any]:
    """What the run ran on, and with what."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not there"
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "versions": versions,
        "commit": commit.stdout.strip(),
    }


def _python(arguments: list[str]) -> bytes:
    done = subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}")
    return done.stdout


def _step(step: str, engine: str, place: Path, count: int) -> Any:  # noqa: ANN401 - any JSON
    arguments = ["-m", "benchmarks.run", str(count), "--step", step, engine, str(place / engine)]
    return orjson.loads(_python(arguments))


def _queries(folder: Path, count: int) -> list[Any]:
    with (folder.parent / "jobs.jsonl").open("rb") as file:
        return queries(count, orjson.loads(next(file))["TrainingJobName"])


def load(engine: str, folder: Path, _: int) -> dict[str, float]:
    """Seconds, peak memory and bytes on disk of loading the dump."""
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    begun = time.perf_counter()
    ENGINES[engine]().load(folder.parent / "jobs.jsonl", folder)
    seconds = time.perf_counter() - begun
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"seconds": seconds, "peak_mb": max(peaks) / 1024, "disk_bytes": size}


def answer(engine: str, folder: Path, count: int) -> dict[str, Any]:
    """What the engine answers to every query."""
    opened = ENGINES[engine]()
    opened.open(folder)
    return {query.name: opened.answer(query) for query in _queries(folder, count)}


def timed(engine: str, folder: Path, count: int) -> dict[str, Any]:
    """Median microseconds of opening, and of the ids and the response of every query, warm."""
    ENGINES[engine]().open(folder)  # what opening imports is not what is measured
    begun = time.perf_counter()
    opened = ENGINES[engine]()
    opened.open(folder)
    open_us = (time.perf_counter() - begun) * 1e6
    found = {}
    for query in _queries(folder, count):
        ids = _median_us(lambda query=query: opened.ids(query))  # type: ignore[misc]
        whole = _median_us(lambda query=query: opened.response(query))  # type: ignore[misc]
        found[query.name] = {"ids_us": ids, "response_us": whole}
    return {"open_us": open_us, "queries": found}


def _median_us(ask: Callable[[], object]) -> float:
    ask()
    least, most = REPETITIONS
    taken: list[float] = []
    end = time.perf_counter() + BUDGET_SECONDS
    while len(taken) < least or (len(taken) < most and time.perf_counter() < end):
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e6


STEPS: Final[dict[str, Callable[[str, Path, int], Any]]] = {"load": load, "answer": answer, "time": timed}


def compare(answers: dict[str, dict[str, Any]]) -> None:
    """Ends the run where two engines differ."""
    names = list(answers)
    for query in answers[names[0]]:
        expected = answers[names[0]][query]
        for name in names[1:]:
            if answers[name][query] != expected:
                theirs = answers[name][query]
                at = next((i for i, (a, b) in enumerate(zip(expected[0], theirs[0], strict=False)) if a != b), None)
                message = f"{query}: {names[0]} says {expected[1]} matches, {name} {theirs[1]}"
                raise SystemExit(f"{message}; the first name that differs is number {at}")


def _one_shots(place: Path) -> dict[str, float]:
    """Median milliseconds of whole processes that answer Q2's first names."""
    sql = "select name from jobs where status = 'Completed' order by modified desc, arn limit 100"
    database = f"file:{place / 'sqlite' / 'jobs.sqlite'}?mode=ro"
    request = '{"Filters":[{"Name":"TrainingJobStatus","Operator":"Equals","Value":"Completed"}]}'
    text = "TrainingJobStatus = 'Completed'"
    smsearch = [sys.executable, "-m", "smsearch", "search", str(place / "smsearch" / "store")]
    python = f"import sqlite3; print(sqlite3.connect({database!r}, uri=True).execute({sql!r}).fetchall())"
    commands = {
        "smsearch, JSON": [*smsearch, request, "-n", "100", "-f", "names", "-q"],
        "smsearch, text": [*smsearch, text, "-n", "100", "-f", "names", "-q"],
        "python and sqlite3": [sys.executable, "-c", python],
        "python alone": [sys.executable, "-c", "pass"],
    }
    return {name: _median_process_ms(command) for name, command in commands.items()}


def _median_process_ms(command: list[str]) -> float:
    taken = []
    for _ in range(9):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - the commands above
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3


if __name__ == "__main__":
    main()
