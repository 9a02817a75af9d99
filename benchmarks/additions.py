"""What daily additions to a store cost: thirty of 1,000 jobs each to a million, day by day.

    python -m benchmarks.additions [JOBS] [--days 30] [--daily 1000] [--folder FOLDER]

For each day it prints the processor time of the addition with all its processes, the store's segments and bytes, and
that of a page of 100 by LastModifiedTime: asked again, and with nothing remembered. The total is compared before
anything is timed. At the end stand the figures that additions have targets for.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

import smsearch
from benchmarks.generate import lines
from smsearch.store.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.searcher import Searcher

_REQUEST: Final = orjson.dumps({"Resource": "TrainingJob", "SortBy": "LastModifiedTime", "MaxResults": 100})
_ROUNDS: Final = 200
_DEARER_MAX: Final = 10
_AMORTISED_MAX: Final = 3


class Day(NamedTuple):
    """The store after a day.

    Attributes:
        seconds: Processor time of the addition.
        segments: The records of each segment.
        size: Bytes on disk, those of replaced files apart.
        again: Microseconds of processor time for a page asked again.
        anew: The same with nothing remembered.
    """

    seconds: float
    segments: list[int]
    size: int
    again: float
    anew: float


def _processor_seconds() -> float:
    """Of this process and of those that it has ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _page(searcher: Searcher, *, anew: bool) -> float:
    """The median of some pages, in microseconds."""
    times = []
    for _ in range(_ROUNDS):
        if anew:
            searcher.forget()
        start = time.process_time_ns()
        searcher.search_json(_REQUEST)
        times.append((time.process_time_ns() - start) / 1_000)
    return statistics.median(times)


def _added(store: Path, dump: Path, expected: int, *, add: bool) -> Day:
    start = _processor_seconds()
    smsearch.build([dump], store, add=add)
    seconds = _processor_seconds() - start
    searcher = smsearch.open(store)
    total = orjson.loads(searcher.search_json(_REQUEST))["TotalHits"]["Value"]
    if total != expected:
        raise SystemExit(f"{total:,} jobs are found and not {expected:,}")
    entries = read_manifest(store).segments
    return Day(
        seconds,
        [entry.rows for entry in entries],
        sum(entry.size for entry in entries),
        _page(searcher, anew=False),
        _page(searcher, anew=True),
    )


def days(count: int, daily: int, additions: int, folder: Path) -> Iterator[Day]:
    """The store of some jobs, then after each addition."""
    every = lines(count + daily * additions)
    store, dump = folder / "store", folder / "dump.jsonl"
    for day in range(additions + 1):
        with dump.open("wb") as file:
            file.writelines(islice(every, count if day == 0 else daily))
        yield _added(store, dump, count + daily * day, add=day > 0)


def _printed(number: int, day: Day) -> None:
    segments = " ".join(f"{rows:,}" for rows in day.segments)
    print(
        f"{number:>3}  {day.seconds:>7.2f} s  {day.size / 1e6:>8,.0f} MB  {day.again:>6,.0f} µs  {day.anew:>6,.0f} µs"
        f"  {segments}",
        flush=True,
    )


def main(argv: Sequence[str] | None = None) -> None:
    """The command line; `argv` is without the program's name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.additions", description=__doc__.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=1_000_000, help="how many jobs are there first")
    parser.add_argument("--days", type=int, default=30, help="how many additions (default: 30)")
    parser.add_argument("--daily", type=int, default=1_000, help="the jobs of each (default: 1000)")
    parser.add_argument("--folder", type=Path, help="where the store is made and left; else it is removed")
    arguments = parser.parse_args(argv)
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="smsearch-additions-"))
    folder.mkdir(parents=True, exist_ok=True)
    print("day  processor       disk    again     anew  segments")
    try:
        every = []
        for number, day in enumerate(days(arguments.count, arguments.daily, arguments.days, folder)):
            _printed(number, day)
            every.append(day)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)
    _print_targets(every, arguments.count, arguments.daily)


def _print_targets(every: Sequence[Day], count: int, daily: int) -> None:
    first, *rest = every
    costs = [day.seconds for day in rest]
    median = statistics.median(costs)
    amortised = sum(costs) / (daily * len(costs)) / (first.seconds / count)
    results = {
        "median addition, s": median,
        f"dearest addition over the median (at most {_DEARER_MAX})": max(costs) / median,
        f"a record's cost over a build's (at most {_AMORTISED_MAX})": amortised,
        "page asked again, the last day over the first": rest[-1].again / first.again,
        "page with nothing remembered, the last day over the first": rest[-1].anew / first.anew,
    }
    print(json.dumps({name: round(value, 2) for name, value in results.items()}, indent=2))


if __name__ == "__main__":
    main()
