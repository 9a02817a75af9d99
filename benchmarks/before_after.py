"""Compares checkouts of this project: `python -m benchmarks.before_after BEFORE AFTER [N]`.

Each checkout builds its own store from one dump. Then the checkouts take turns, one process each time: every query of
`queries.py` is asked in every way that gives a response, and its processor time is taken. The table has the median of
the rounds' ratios, after over before. Both checkouts run with the packages of this environment.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks import dump
from benchmarks.run import CACHE

WAYS: Final = ("response", "not prepared", "nothing remembered")
BUDGET: Final = 0.3
"""Seconds for each way of each query."""
LOAD: Final = """
import sys
from pathlib import Path
from benchmarks.engines import ENGINES
dump, folder = map(Path, sys.argv[1:])
folder.mkdir(parents=True)
ENGINES["smsearch"]().load(dump, folder)
"""
"""Run in a checkout: builds the store of a dump."""
ASK: Final = """
import hashlib, json, statistics, sys, time
from benchmarks.engines import ENGINES
from benchmarks.steps import Step
place, count, budget, ways = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4].split(",")
step = Step("time", "smsearch", place, count, budget)
engine = step.opened()
answers, microseconds = {}, {}
for query in step.queries():
    answers[query.name] = hashlib.sha256(repr(engine.answer(query)).encode()).hexdigest()
    for name, way in engine.ways().items():
        if name not in ways or (query.counts and not way.counts):
            continue
        way.before()
        way.ask(query)
        taken, end = [], time.perf_counter() + budget
        while len(taken) < 5 or time.perf_counter() < end:
            way.before()
            begun = time.process_time_ns()
            way.ask(query)
            taken.append((time.process_time_ns() - begun) / 1000)
        microseconds[f"{query.name}, {name}"] = statistics.median(taken)
print(json.dumps([answers, microseconds]))
"""
"""Run in a checkout: prints digests of the answers, and median microseconds of processor time."""


def main() -> None:
    """Prints the table.

    Raises:
        SystemExit: The checkouts do not give the same names and totals, or one of them fails.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, help="a checkout")
    parser.add_argument("after", type=Path, help="another")
    parser.add_argument("count", type=int, nargs="?", default=100_000, help="how many training jobs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=CACHE, help="where dump and stores are kept")
    options = parser.parse_args()
    checkouts = {"before": options.before.absolute(), "after": options.after.absolute()}
    place = options.folder.absolute() / str(options.count)
    records = dump.make(place, options.count)
    for name, checkout in checkouts.items():
        store = place / name / "smsearch"
        if not store.exists():
            _run(checkout, LOAD, str(records), str(store))
            for companion in place.glob(f"{records.stem}*"):  # the engines that read the dump beside their store
                (place / name / companion.name).symlink_to(companion)
    ratios: dict[str, list[float]] = defaultdict(list)
    for number in range(options.rounds):
        seen = {
            name: orjson.loads(_run(checkout, ASK, str(place / name), str(options.count), str(BUDGET), ",".join(WAYS)))
            for name, checkout in checkouts.items()
        }
        compare(*(answers for answers, _ in seen.values()))
        for case, microseconds in seen["before"][1].items():
            ratios[case].append(seen["after"][1][case] / microseconds)
        print(f"round {number + 1} of {options.rounds}", flush=True)
    print(table(ratios))


def compare(before: dict[str, str], after: dict[str, str]) -> None:
    """Refuses answers that differ.

    Raises:
        SystemExit: Names or totals of a query differ.
    """
    if before != after:
        raise SystemExit(f"the answers differ: {', '.join(name for name in before if before[name] != after.get(name))}")


def table(ratios: dict[str, list[float]]) -> str:
    """One line a query and way: the median ratio, the smallest and the largest; the slowest first."""
    rows = sorted(((statistics.median(found), case, found) for case, found in ratios.items()), reverse=True)
    lines = [f"{case:32} {median:5.2f}  ({min(found):.2f} to {max(found):.2f})" for median, case, found in rows]
    return "\n".join([f"{'after / before, processor time':32} median", *lines])


def _run(checkout: Path, program: str, *arguments: str) -> Any:  # noqa: ANN401 - bytes for orjson
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program, *arguments], cwd=checkout, stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise SystemExit(f"{checkout} ended with {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main()
