"""Runs the benchmark: `python -m benchmarks.run N`, or `make bench N=...`.

Every engine loads, answers and is timed in processes of its own (`steps.py`). All answers are compared before
anything is timed: names in order, exact totals, and the documents of every way to respond; a difference ends the run,
and so does code that changes meanwhile. Results go to a JSON file that `report.py` makes tables of.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks import dump, oneshot, provenance
from benchmarks.engines import ENGINES, OPENED, REFERENCE_MAX
from benchmarks.engines.engine import DUMP
from benchmarks.memory import Peak
from benchmarks.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CACHE: Final = Path(__file__).parent / ".cache"
RESULTS: Final = Path(__file__).parent / "results"
PACKAGES: Final = ("duckdb", "polars", "chdb", "pyarrow", "numpy", "orjson")
BUDGET: Final = 0.5
"""Seconds for each way of each query."""
_NAME: Final = b'{"TrainingJobName":"'
"""How each line of the dump begins."""
FORMAT: Final = 3
"""Of the file of results; a file of another one is left out of the report."""
BYTES: Final = {
    "smsearch": 9_500,
    "sqlite": 6_000,
    "duckdb": 2_500,
    "duckdb nested": 1_000,
    "polars": 500,
    "chdb": 300,
    "dump": 3_400,
}
"""Bytes of disk for each record while an engine loads, rounded up; smsearch's with the runs of its build."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is run.

    Attributes:
        count: How many training jobs.
        engines: Which engines, in this order.
        folder: Where dumps and databases are kept.
        results: Where the results go.
        queries_only: Whether to ask what an earlier run has loaded.
        budget: Seconds for each way of each query.
        processes: How many processes are started for what is measured once in each.
        is_skewed: Whether the jobs are those of a skewed account (`skewed_job.py`).
    """

    count: int
    engines: tuple[str, ...] = tuple(ENGINES)
    folder: Path = CACHE
    results: Path = RESULTS
    queries_only: bool = False
    budget: float = BUDGET
    processes: int = 5
    is_skewed: bool = False

    @property
    def chosen(self) -> list[str]:
        """The engines that are run: the reference only where it can end, chDB only where it is installed."""
        left_out = {"reference"} if self.count > REFERENCE_MAX else set()
        left_out |= set() if find_spec("chdb") else {"chdb"}
        return [name for name in self.engines if name not in left_out]

    @property
    def options(self) -> list[str]:
        """What was asked for on the command line beside the count, as far as it bears on the numbers."""
        found = [] if self.engines == tuple(ENGINES) else ["--engines", f"'{','.join(self.engines)}'"]
        found += ["--queries-only"] if self.queries_only else []
        found += ["--skewed"] if self.is_skewed else []
        return found + ([] if self.budget == BUDGET else ["--budget", f"{self.budget:g}"])

    @property
    def place(self) -> Path:
        """The folder of this size."""
        return self.folder / self.called

    @property
    def called(self) -> str:
        """What the folder and the results of this size are called."""
        return f"{self.count}{'-skewed' if self.is_skewed else ''}"


def main() -> None:
    """Runs a benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000, help="how many training jobs")
    parser.add_argument("--engines", type=_engines, default=tuple(ENGINES), help="some of them, with commas between")
    parser.add_argument("--queries-only", action="store_true", help="ask what an earlier run has loaded")
    parser.add_argument("--folder", type=Path, default=CACHE, help="where dumps and databases are kept")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds for each way of each query")
    parser.add_argument("--skewed", action="store_true", help="jobs of a skewed account")
    asked = parser.parse_args()
    places = asked.folder.absolute(), asked.results.absolute()
    chosen = {"queries_only": asked.queries_only, "budget": asked.budget, "is_skewed": asked.skewed}
    file = run(Settings(asked.count, asked.engines, *places, **chosen))
    print(f"results in {file}")


def _engines(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = set(names) - set(ENGINES)
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose from {', '.join(ENGINES)}")
    return names


def run(settings: Settings) -> Path:
    """The results of a run, as a file.

    Raises:
        SystemExit: Two engines do not give the same answer, one of them fails, the code changes meanwhile, or the disk
            is too small.
    """
    code = provenance.code()
    before = os.getloadavg()[0]
    _refuse_small_disk(settings)
    file = dump.make(settings.place, settings.count, is_skewed=settings.is_skewed)
    found: dict[str, Any] = {"format": FORMAT, "count": settings.count, "dump_bytes": file.stat().st_size, **machine()}
    found |= {
        "is_skewed": settings.is_skewed,
        "code": code,
        "settings": {"budget": settings.budget, "options": settings.options},
    }
    engines: dict[str, Any] = {name: {} for name in settings.chosen}
    found |= {"engines": engines, "skipped": [name for name in settings.engines if name not in engines]}
    for step, name, made in _steps(settings):
        provenance.refuse_change(code)
        engines[name] |= made
        print(f"{name}: {step}", flush=True)
    found["opened"] = _openings(settings)
    found["one_shot"] = oneshot.times(settings.place, settings.chosen, 2 * settings.processes - 1)
    provenance.refuse_change(code)
    found["load_average"] = [before, os.getloadavg()[0]]
    settings.results.mkdir(parents=True, exist_ok=True)
    result = settings.results / f"{datetime.now(UTC):%Y-%m-%d}-{settings.called}.json"
    result.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    return result


def _steps(settings: Settings) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Loads, compares and times; each step with its engine and what it found."""
    place = str(settings.place)
    for name in settings.chosen:
        if not settings.queries_only:
            yield "loaded", name, {"load": _loaded(Step("load", name, place, settings.count))}
        elif not (settings.place / name).exists():
            raise SystemExit(f"{name} has nothing loaded in {place}; run it once without --queries-only.")
    answers = {name: _json(Step("answer", name, place, settings.count).command()) for name in settings.chosen}
    compare(answers)
    refuse_other_accuracies(settings.place / DUMP, answers)
    print("all answers are equal", flush=True)
    for name in settings.chosen:
        if name != "reference":
            yield "timed", name, _json(Step("time", name, place, settings.count, settings.budget).command())


def _loaded(step: Step) -> dict[str, Any]:
    command = [sys.executable, *step.command()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - ourselves
        with Peak(process.pid) as peak:
            printed, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"loading {step.engine} ended with {process.returncode}")
    return {**orjson.loads(printed), "peak_of_all_mb": peak.megabytes, "looks": peak.looks}


def _openings(settings: Settings) -> dict[str, Any]:
    """Medians of several processes that each open once, warm and cold."""
    found: dict[str, Any] = {}
    for name, (_, files_of) in OPENED.items():
        if files_of not in settings.chosen:
            continue
        for is_cold in (False, True):
            step = Step("open", name, str(settings.place), settings.count, is_cold=is_cold)
            _json(step.command())  # the first finds the cache as another engine left it
            seen = [_json(step.command()) for _ in range(settings.processes)]
            medians = {what: statistics.median(one[what] for one in seen) for what in seen[0]}
            found.setdefault(name, {})["cold" if is_cold else "warm"] = medians
    return found


def machine() -> dict[str, Any]:
    """What the run ran on, and with what."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not there"
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "versions": versions,
    }


def _json(command: list[str]) -> Any:  # noqa: ANN401 - any JSON
    done = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return orjson.loads(done.stdout)


def _refuse_small_disk(settings: Settings) -> None:
    if settings.queries_only:
        return
    settings.place.mkdir(parents=True, exist_ok=True)
    there = sum(path.stat().st_size for path in settings.place.rglob("*") if path.is_file())
    wanted = settings.count * sum(BYTES.get(name, 0) for name in ("dump", *settings.chosen)) - there
    free = shutil.disk_usage(settings.place).free
    if wanted > free:
        raise SystemExit(
            f"{wanted / 1e9:.0f} GB of disk are needed and {free / 1e9:.0f} are free; choose fewer --engines."
        )


def compare(answers: dict[str, dict[str, Any]]) -> None:
    """Ends the run where two engines differ.

    Raises:
        SystemExit: In a name, the order, a total, or the documents of a way to respond.
    """
    first = next(iter(answers))
    for query, expected in answers[first].items():
        digests = {
            f"{name}, {way}": digest for name in answers for way, digest in answers[name][query]["documents"].items()
        }
        for name, answer in answers.items():
            theirs = answer[query]
            if (theirs["names"], theirs["total"]) != (expected["names"], expected["total"]):
                at = _first_difference(expected["names"], theirs["names"])
                totals = f"{first} says {expected['total']} matches, {name} {theirs['total']}"
                raise SystemExit(f"{query}: {totals}; the first name that differs is number {at}")
        if len(set(digests.values())) > 1:
            raise SystemExit(f"{query}: the documents differ: {digests}")


def refuse_other_accuracies(file: Path, answers: dict[str, dict[str, Any]]) -> None:
    """Ends the run where a job that an engine picked for its accuracy has another one in the dump.

    Raises:
        SystemExit: With the engine, the job and both accuracies.
    """
    picked = {
        (name, job): accuracy
        for name, answer in answers.items()
        for theirs in answer.values()
        for job, accuracy in theirs.get("jobs", {}).items()
    }
    unseen = {job for _, job in picked}
    accuracies = {}
    with file.open("rb") as lines:
        for line in lines:
            job = line[len(_NAME) : line.index(b'"', len(_NAME))].decode()
            if job in unseen:
                metrics = orjson.loads(line)["FinalMetricDataList"]
                accuracies[job] = next(one["Value"] for one in metrics if one["MetricName"] == "accuracy")
    for (name, job), accuracy in picked.items():
        if accuracies.get(job) != accuracy:
            raise SystemExit(f"{name} says {accuracy} of {job}, the dump {accuracies.get(job)}")


def _first_difference(ours: Iterable[str], theirs: Iterable[str]) -> int | None:
    return next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)


if __name__ == "__main__":
    main()
