"""Runs a campaign in a process of its own, so that a try that ends the process, or never ends, is a failure too.

Results are kept in a file, a line of JSON for each stretch of tries, so that a run that was interrupted goes on where
it was. This module knows no law.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING, Final

import orjson

from benchmarks.campaigns.campaign import Tried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Campaign

TRY_SECONDS_MAX: Final = 300.0
"""After so long without a result the process is killed, and the try has failed; on a busy machine tries are slow."""
STRETCH_SECONDS: Final = 20.0
FAILURES_MAX: Final = 100
"""Failures after which a run ends: there is enough to mend."""


@dataclass(slots=True)
class Tally:
    """What came of the tries so far.

    Attributes:
        tries: How many were made, from the first one on.
        failures: Those that broke the law.
        worst: The one that cost most.
        seconds: The processor's time of all, or what else the campaign counts.
    """

    tries: int = 0
    failures: list[Tried] = field(default_factory=list)
    worst: Tried = field(default_factory=lambda: Tried(0, 0.0))
    seconds: float = 0.0

    def add(self, tried: Tried) -> None:
        """Counts a try."""
        self.tries += 1
        self.seconds += tried.cost
        if tried.problem:
            self.failures.append(tried)
        if tried.cost > self.worst.cost:
            self.worst = tried

    def join(self, later: Tally) -> None:
        """Counts the tries of another tally."""
        self.tries += later.tries
        self.failures += later.failures
        self.worst = max(self.worst, later.worst, key=lambda tried: tried.cost)
        self.seconds += later.seconds


def results_file(folder: Path, campaign: Campaign, seed: int) -> Path:
    """Where the results of a campaign are kept."""
    return folder / f"{campaign.name.replace(' ', '-')}.{seed}.jsonl"


def read_tally(file: Path) -> Tally:
    """What a file of results says; nothing where there is none."""
    tally = Tally()
    for line in file.read_bytes().splitlines() if file.exists() else ():
        stretch = orjson.loads(line)
        failures = [Tried(**tried) for tried in stretch["failures"]]
        tally.join(Tally(stretch["tries"], failures, Tried(**stretch["worst"]), stretch["seconds"]))
    return tally


def run(campaign: Campaign, seed: int, tries: int, folder: Path, say: Callable[[str], object]) -> Tally:
    """Makes the tries of a campaign that were not made yet.

    Args:
        campaign: The campaign.
        seed: Of all chance.
        tries: How many there are to be in the end.
        folder: Where results are kept.
        say: Is told how far it has come, and of each failure.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = results_file(folder, campaign, seed)
    tally, stretch, written = read_tally(file), Tally(), time.monotonic()
    begun = tally.tries
    with file.open("ab") as lines:
        while begun < tries and len(tally.failures) < FAILURES_MAX:
            for tried in _tried_apart(campaign, seed, begun, tries):
                begun = tried.number + 1
                stretch.add(tried)
                if tried.problem:
                    say(f"{campaign.name}, try {tried.number}: {tried.problem}")
                if tried.problem or begun == tries or time.monotonic() - written > STRETCH_SECONDS:
                    lines.write(orjson.dumps(asdict(stretch), option=orjson.OPT_APPEND_NEWLINE))
                    lines.flush()
                    tally.join(stretch)
                    stretch, written = Tally(), time.monotonic()
                    say(f"{campaign.name}: {tally.tries:,} of {tries:,} tries, {len(tally.failures)} failures")
    return tally


def _tried_apart(campaign: Campaign, seed: int, begin: int, end: int) -> Iterator[Tried]:
    """Tries in a process of their own, up to one that ends it."""
    command = [sys.executable, "-m", "benchmarks.campaigns", campaign.name, "--seed", str(seed)]
    command += ["--from", str(begin), "--tries", str(end), "--lines"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, process_group=0) as process:  # noqa: S603 - itself
        assert process.stdout is not None  # noqa: S101 - it was asked for
        number = begin
        try:
            for line in _lines(process.stdout):
                tried = Tried(**orjson.loads(line))
                number = tried.number + 1
                yield tried
        except TimeoutError:
            yield Tried(number, TRY_SECONDS_MAX, f"It did not end within {TRY_SECONDS_MAX:g} seconds.")
            return
        finally:
            _end(process)
    if number < end:
        yield Tried(number, 0.0, f"The process has ended with {process.returncode}.")


def _lines(output: IO[bytes]) -> Iterator[bytes]:
    """The lines of a process's output.

    Raises:
        TimeoutError: None came for too long.
    """
    rest = b""
    while True:
        ready, _, _ = select.select([output], [], [], TRY_SECONDS_MAX)
        if not ready:
            raise TimeoutError
        data = os.read(output.fileno(), 1 << 16)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        yield from lines


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and whatever it has started; one that is done already stays as it is."""
    if process.poll() is None:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
