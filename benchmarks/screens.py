"""Times each screen of the page over a store: `python -m benchmarks.screens N`.

Each screen is asked by a fresh searcher for the first time, after the screens that `serve` makes by itself, and then
again and again, each time with another query where it has one, so that nothing is merely repeated. What is timed is the
thread's processor time and the wall clock from the address to the HTML, without a socket. At the end 10,000 screens are
made, and the process's memory is told before and after.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from itertools import count, cycle, islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Final

import smsearch
from benchmarks import generate
from benchmarks.run import CACHE
from smsearch.page import visible
from smsearch.page.addresses import (
    ChartsAddress,
    CompareAddress,
    FailuresAddress,
    GroupsAddress,
    HomeAddress,
    RecordAddress,
    SchemaAddress,
    SearchAddress,
    WhyAddress,
)
from smsearch.page.routes import FIRST_SCREENS
from smsearch.page.screens import screen_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.page.addresses import ScreenAddress
    from smsearch.searcher import Searcher

REPEATS: Final = 20
FRESH: Final = 12
VIEWS: Final = 10_000
PARTS: Final = ("", "learning", "Metrics", "Time")
STATUSES: Final = ("Completed", "Failed", "Stopped", "InProgress")
SCATTER: Final = ("scatter", "HyperParameters.learning_rate", "Metrics.accuracy", "Tags.team")
TEAMS: Final = ("nlp", "vision", "ranking", "forecast", "fraud", "speech")


@dataclass(frozen=True, slots=True)
class ScreenTimes:
    """Milliseconds of one screen: of the processor, and by the clock."""

    processor: list[float]
    clock: list[float]

    def percentile(self, share: float) -> tuple[float, float]:
        """The processor's and the clock's milliseconds that so many of the screens did not exceed."""
        return _percentile(self.processor, share), _percentile(self.clock, share)


def addresses(names: Sequence[str], seed: int) -> dict[str, Iterator[ScreenAddress]]:
    """Addresses of each screen, without end."""
    chance = random.Random(seed)

    def query() -> str:
        status, team = chance.choice(STATUSES), chance.choice(TEAMS)
        bound = chance.randint(5, 95) / 100
        forms = (
            f"TrainingJobStatus = {status}",
            f"Tags.team = {team} AND TrainingJobStatus = {status}",
            f"Metrics.accuracy > {bound}",
            f"Tags.team = {team} OR HyperParameters.learning_rate < {bound / 100}",
        )
        return chance.choice(forms)

    def search() -> ScreenAddress:
        sort = chance.choice(("", "-Metrics.accuracy", "CreationTime", "-BillableTimeInSeconds"))
        return SearchAddress("TrainingJob", query(), sort=sort, page=chance.choice((1, 1, 1, 2, 30)))

    def name() -> str:
        return chance.choice(names)

    return {
        "Home": repeat(HomeAddress()),
        "Search, all jobs": (SearchAddress("TrainingJob", page=page) for page in cycle(range(1, 20))),
        "Search, a query": (search() for _ in count()),
        "Search, nothing found": (
            SearchAddress("TrainingJob", f"Tags.team = nobody{number} AND Metrics.accuracy > 0.5")
            for number in cycle(range(1_000))
        ),
        "Record": (RecordAddress("TrainingJob", name(), query()) for _ in count()),
        "Compare five": (CompareAddress("TrainingJob", tuple({name() for _ in range(5)})) for _ in count()),
        "Schema": (SchemaAddress("TrainingJob", chance.choice(PARTS)) for _ in count()),
        "Why": (WhyAddress("TrainingJob", name(), query()) for _ in count()),
        "Charts": (ChartsAddress("TrainingJob", query()) for _ in count()),
        "Scatter": (ChartsAddress("TrainingJob", query(), (SCATTER,)) for _ in count()),
        "Groups": (GroupsAddress("TrainingJob", query(), ("Tags.team", "month(created)")) for _ in count()),
        "Failures": (FailuresAddress("TrainingJob", query()) for _ in count()),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """The command line; `argv` is without the program's name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens", description=__doc__.partition("\n")[0])
    parser.add_argument("jobs", type=int, help="how many jobs")
    parser.add_argument("--store", type=Path, help="a store of so many jobs that is there already")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(argv)
    store = arguments.store or _store_of(arguments.jobs)
    names = list(islice(smsearch.open(store).query("Tags.team EXISTS").names(), 200))
    visible.compile_templates()  # as the server does before it is asked
    print(f"{'screen':<24}{'first p95':>18}{'again p50':>18}{'again p95':>18}   ms of processor / clock")
    for screen in addresses(names, arguments.seed):
        first, again = times(store, screen, names, arguments.seed)
        cells = [first.percentile(0.95), again.percentile(0.5), again.percentile(0.95)]
        print(f"{screen:<24}" + "".join(f"{processor:>9.0f} /{clock:>7.0f}" for processor, clock in cells))
    before, after = memory_after_views(store, names, arguments.seed)
    print(f"memory of its own after 100 screens {before:,.0f} MB, after {VIEWS:,} {after:,.0f} MB")


def times(store: Path, screen: str, names: Sequence[str], seed: int) -> tuple[ScreenTimes, ScreenTimes]:
    """The times of a screen asked for the first time of fresh searchers, as they are served, and asked again of one."""
    first, again = ScreenTimes([], []), ScreenTimes([], [])
    for fresh in range(FRESH):
        searcher = smsearch.open(store)
        for opening in FIRST_SCREENS:
            screen_of(searcher, opening)
        screens = addresses(names, seed + fresh)[screen]
        _time(first, searcher, next(screens))
        for address in islice(screens, REPEATS):
            _time(again, searcher, address)
    return first, again


def memory_after_views(store: Path, names: Sequence[str], seed: int) -> tuple[float, float]:
    """Megabytes of the process's own memory after a hundred screens and after `VIEWS`."""
    searcher = smsearch.open(store)
    kinds = cycle(addresses(names, seed).values())
    before = 0.0
    for view, screens in enumerate(islice(kinds, VIEWS)):
        screen_of(searcher, next(screens)).html()
        if view == 100:
            before = _own_memory()
    return before, _own_memory()


def _time(times: ScreenTimes, searcher: Searcher, address: ScreenAddress) -> None:
    clock, processor = time.perf_counter(), time.thread_time()
    screen_of(searcher, address).html()
    times.processor.append((time.thread_time() - processor) * 1_000)
    times.clock.append((time.perf_counter() - clock) * 1_000)


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _own_memory() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1_024


def _store_of(jobs: int) -> Path:
    place = CACHE / str(jobs)
    place.mkdir(parents=True, exist_ok=True)
    dump, store = place / "jobs.jsonl", place / "screens.store"
    if not dump.exists():
        with dump.open("wb") as file:
            file.writelines(generate.lines(jobs))
    if not store.exists():
        smsearch.build([dump], store)
    return store


if __name__ == "__main__":
    main()
