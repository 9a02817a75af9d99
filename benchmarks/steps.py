"""The steps of a run, each in a process of its own: load, answer, time, open.

`python -m benchmarks.steps '{"step": ..., ...}'` prints what it found as JSON. It knows one engine at a time.
"""

from __future__ import annotations

import hashlib
import resource
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks import cold, memory
from benchmarks.engines import ENGINES, OPENED
from benchmarks.engines.engine import DUMP, OFFSETS
from benchmarks.groupings import GROUPINGS
from benchmarks.queries import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.engines.engine import Engine
    from benchmarks.queries import Query

REPETITIONS: Final = (5, 300)
"""At least and at most, whatever the budget says."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        step: Its name.
        engine: Of which engine.
        place: The folder of the dump; each engine has one below it.
        count: How many jobs the dump has.
        budget: Seconds for each way of each query.
        is_cold: Whether files are dropped from memory before they are opened.
    """

    step: str
    engine: str
    place: str
    count: int
    budget: float = 0.5
    is_cold: bool = False

    def command(self) -> list[str]:
        """The arguments of the interpreter that runs it."""
        return ["-m", "benchmarks.steps", orjson.dumps(asdict(self)).decode()]

    @property
    def folder(self) -> Path:
        """What the engine's files are in."""
        return Path(self.place) / self.engine

    def opened(self) -> Engine:
        """The engine, open."""
        engine = ENGINES[self.engine]()
        engine.open(self.folder)
        return engine

    def queries(self) -> list[Query]:
        """What is asked."""
        with (Path(self.place) / DUMP).open("rb") as file:
            return queries(self.count, orjson.loads(next(file))["TrainingJobName"])


def load(step: Step) -> dict[str, Any]:
    """Seconds, the largest process's peak memory and bytes on disk of loading the dump."""
    for old in sorted(step.folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    step.folder.mkdir(exist_ok=True)
    begun = time.perf_counter()
    ENGINES[step.engine]().load(Path(step.place) / DUMP, step.folder)
    seconds = time.perf_counter() - begun
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"seconds": seconds, "peak_of_one_mb": max(peaks) / 1024}


def answer(step: Step) -> dict[str, Any]:
    """What the engine answers to every query: names, total, and for each way to respond a digest of the documents."""
    engine = step.opened()
    found: dict[str, Any] = {}
    for query in step.queries():
        names, total = engine.answer(query)
        digests = {}
        for name, way in engine.ways().items():
            if way.responds and not query.counts:
                way.before()
                digests[name] = documents_digest(way.ask(query))
        found[query.name] = {"names": names, "total": total, "documents": digests}
    for grouping in GROUPINGS:
        rows = engine.grouped(grouping)
        jobs = {row[-1]: row[-2] for row in rows if row[-1] is not None} if grouping.picks_job else {}
        compared = [row[:-1] for row in rows] if grouping.picks_job else rows
        names = sorted(map(repr, compared))
        found[grouping.name] = {"names": names, "total": len(rows), "documents": {}, "jobs": jobs}
    return found


def documents_digest(response: Any) -> str:  # noqa: ANN401 - bytes, of any way that responds
    """A digest of a response's documents, value for value.

    smsearch writes times as the wire has them, epoch seconds, and empty members that a response always has last; the
    others write documents as the dump spells them. So texts that spell a time are taken as epoch seconds, and members
    are sorted by name, before the documents are written again and digested.
    """
    documents = [
        orjson.dumps(_in_epoch_seconds(result), option=orjson.OPT_SORT_KEYS)
        for result in orjson.loads(response)["Results"]
    ]
    return hashlib.blake2b(b"\n".join(documents), digest_size=16).hexdigest()


def _in_epoch_seconds(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {name: _in_epoch_seconds(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_in_epoch_seconds(member) for member in value]
    if isinstance(value, str) and value.endswith("+00:00") and value[10:11] == "T":
        return datetime.fromisoformat(value).timestamp()
    return value


def timed(step: Step) -> dict[str, Any]:
    """Median microseconds of every way to ask every query, warm; and the memory held before and after."""
    ENGINES[step.engine]().imports()
    before = memory.held()
    engine = step.opened()
    found: dict[str, dict[str, float]] = {}
    for query in step.queries():
        ways = {name: way for name, way in engine.ways().items() if way.counts or not query.counts}
        found[query.name] = {
            name: _median_us(partial(way.ask, query), step.budget, way.before) for name, way in ways.items()
        }
    grouped = {one.name: _median_us(partial(engine.grouped, one), step.budget) for one in GROUPINGS}
    files = [path for path in step.folder.rglob("*") if path.is_file()]
    return {
        "queries": found,
        "groupings": grouped,
        "memory": {"imported": before, "asked": memory.held()},
        "disk_bytes": sum(path.stat().st_size for path in files),
        "documents_bytes": engine.documents_bytes(),
    }


def _nothing() -> None:
    """Nothing to do before a question."""


def _median_us(ask: Callable[[], object], budget: float, before: Callable[[], object] = _nothing) -> float:
    before()
    ask()
    least, most = REPETITIONS
    taken: list[float] = []
    end = time.perf_counter() + budget
    while len(taken) < least or (len(taken) < most and time.perf_counter() < end):
        before()
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e6


def opened(step: Step) -> dict[str, float]:
    """Microseconds of the first opening in this process and of the first page of Q2 after it, imports apart.

    `resident` is the share of the files that was in memory just before, `faults` how many pages came from disk.
    """
    kind, files_of = OPENED[step.engine]
    engine = kind()
    engine.imports()
    folder = Path(step.place) / files_of
    (query,) = (query for query in step.queries() if query.name == "Q2")
    files = [path for path in folder.rglob("*") if path.is_file()]
    files += [Path(step.place) / name for name in (DUMP, OFFSETS)] if engine.reads_dump else []
    if step.is_cold:
        cold.drop(files)
    resident = cold.resident(files)
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
    begun = time.perf_counter()
    engine.open(folder)
    at_open = time.perf_counter()
    engine.ways()["response"].ask(query)
    ended = time.perf_counter()
    return {
        "open_us": (at_open - begun) * 1e6,
        "page_us": (ended - at_open) * 1e6,
        "resident": resident,
        "faults": resource.getrusage(resource.RUSAGE_SELF).ru_majflt - faults,
    }


STEPS: Final[dict[str, Callable[[Step], Any]]] = {"load": load, "answer": answer, "time": timed, "open": opened}


if __name__ == "__main__":
    asked = Step(**orjson.loads(sys.argv[1]))
    sys.stdout.buffer.write(orjson.dumps(STEPS[asked.step](asked)))
