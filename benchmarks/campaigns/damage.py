"""Shows that reading takes time and memory in proportion to bytes, whatever is wrong with them.

    python -m benchmarks.campaigns.damage [--sizes 1 2 4 8] [--only NAME]

Each of some thirty kinds of damage is made at several sizes, in MiB, and read in a process of its own. The table says
how many seconds of CPU a MiB took and how much memory; a row that grows from left to right would be time that grows
faster than the bytes. It stores nothing. As a campaign it compares two sizes of one damage.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from smsearch.ingest import load
from smsearch.ingest.report import FileReport, Report

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

JOB: Final = b'{"TrainingJobName":"a","TrainingJobArn":"arn:aws:sagemaker:us-east-1:111122223333:training-job/a"}'
RESULT: Final = b'{"TrainingJob":' + JOB + b"}"
MIB: Final = 1 << 20
_SMALL: Final = 32 << 10
_TIMES: Final = 4
"""A campaign compares a damage of so many bytes with one of so many times as many."""
_SLOWER_MAX: Final = 3.0
"""So much more a byte of the larger one may take: other programs take turns on the processor."""
_MEASURED_FROM: Final = 0.05
"""Seconds of the larger one from which they are compared."""
_AGAIN: Final = 5
"""How often it is measured again before it is believed."""


def repeated(unit: bytes, size: int) -> bytes:
    """A unit as often as it fits."""
    return unit * max(1, size // len(unit))


def keys(size: int, value: bytes) -> bytes:
    """Members of different names, all with one value."""
    count = size // (len(value) + len('"key-0000000":,'))
    return b",".join(b'"key-%07d":%s' % (number, value) for number in range(count))


DAMAGES: Final[dict[str, Callable[[int], bytes]]] = {
    "sound lines": lambda size: repeated(JOB + b"\n", size),
    "lines that are cut": lambda size: repeated(JOB[:-20] + b"\n", size),
    "lines cut where a value follows": lambda size: repeated(b'{"a":[{"b":\n', size),
    "every other line cut": lambda size: repeated(JOB + b"\n" + JOB[:40] + b"\n", size),
    "unclosed brackets, line by line": lambda size: repeated(b"[\n", size),
    "unclosed objects, line by line": lambda size: repeated(b'{"a":\n', size),
    "unclosed brackets in one line": lambda size: repeated(b"[", size),
    "closing brackets, line by line": lambda size: repeated(b"]\n", size),
    "brackets of the wrong kind": lambda size: repeated(b"[}\n", size),
    "texts without an end": lambda size: repeated(b'{"a": "b\n', size),
    "one text without an end": lambda size: b'{"a": "' + repeated(b"x", size),
    "escaped quotes without an end": lambda size: b'{"a": "' + repeated(b'\\"', size),
    "quotes without anything": lambda size: b"[" + repeated(b'"', size | 1),
    "an array that is cut": lambda size: b"[" + repeated(JOB + b",\n", size),
    "a page with broken records": lambda size: b'{"Results":[' + repeated(b'{"TrainingJob":{"a" 1}},\n', size) + b"]}",
    "a page that never ends, in one line": lambda size: (
        b'{"Results":[' + repeated(b'{"TrainingJob":' + JOB + b"},", size)
    ),
    "commas left out": lambda size: b"[" + repeated(JOB + b" ", size) + b"]",
    "documents in one line": lambda size: repeated(b"{}", size),
    "documents in one line, cut": lambda size: repeated(b'{"a":1}', size) + b"{",
    "many members in one map": lambda size: JOB[:-1] + b',"HyperParameters":{' + keys(size, b'"1"') + b"}}",
    "many members that nobody knows": lambda size: JOB[:-1] + b"," + keys(size, b'"1"') + b"}",
    "many members without a record": lambda size: b"{" + keys(size, b"1") + b"}",
    "many objects that are no records": lambda size: b"{" + keys(size, b'{"a":1}') + b"}",
    "a map of name to record, cut": lambda size: b"{" + keys(size, JOB),
    "digits": lambda size: b'{"a": ' + repeated(b"7", size) + b"}",
    "no JSON": lambda size: repeated(b"name\tstatus\n", size),
    "bytes that are not UTF-8": lambda size: repeated(b'{"a": "\xff"}\n', size),
    "NUL bytes": lambda size: repeated(b"\x00", size),
    "a document of many lines, broken at its end": lambda size: (
        b"[\n" + repeated(b' {\n  "a": 1\n },\n', size) + b" x\n]"
    ),
}
"""What is wrong, and bytes of about a size in which it is."""


def measure(name: str, size: int) -> tuple[float, float]:
    """Seconds of CPU and MiB of memory that reading one damage takes; nothing else may be measured in the process."""
    raw = DAMAGES[name](size * MIB)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = _seconds_of(raw)
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def _seconds_of(raw: bytes) -> float:
    """The processor's time for reading some bytes."""
    begun = time.process_time()
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(raw))
    for _ in load.from_stream(stream, FileReport("damaged"), Report()):
        pass
    return time.process_time() - begun


@contextmanager
def _prepare(_folder: Path) -> Iterator[Attempt]:
    def attempt(chance: random.Random) -> float:
        name = chance.choice([*DAMAGES])
        small, large = (DAMAGES[name](size) for size in (_SMALL, _SMALL * _TIMES))
        before, seconds = _seconds_of(small) / len(small), _seconds_of(large)
        if seconds > _MEASURED_FROM and seconds / len(large) > _SLOWER_MAX * before:
            seconds = min(_seconds_of(large) for _ in range(_AGAIN))  # a collection of garbage may have come between
            if seconds / len(large) > _SLOWER_MAX * before:
                slower = seconds / len(large) / before
                raise BrokenLawError(f"{name}: a byte of {len(large):,} takes {slower:.1f} times as long")
        return seconds / len(large) * MIB

    yield attempt


CAMPAIGN: Final = Campaign(
    name="growing damage",
    law="a damage that is four times as large takes four times as long, about",
    tries=1_000,
    tested=5,
    prepare=_prepare,
    unit="s of processor time a MiB",
)


def main(argv: Sequence[str] | None = None) -> None:
    """The command line; `argv` is without the program's name."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.campaigns.damage", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 2, 4, 8], help="MiB (default: 1 2 4 8)")
    parser.add_argument("--only", choices=tuple(DAMAGES), help="one kind of damage")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.one:
        print(*measure(arguments.only, arguments.sizes[0]))
        return
    names = [arguments.only] if arguments.only else list(DAMAGES)
    print("| seconds a MiB (and MiB of memory) | " + " | ".join(f"{size} MiB" for size in arguments.sizes) + " |")
    print("|---|" + "---:|" * len(arguments.sizes))
    for name in names:
        cells = []
        for size in arguments.sizes:
            command = [
                sys.executable,
                "-m",
                "benchmarks.campaigns.damage",
                "--one",
                "--only",
                name,
                "--sizes",
                str(size),
            ]
            shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - itself
            seconds, memory = map(float, shown.split())
            cells.append(f"{seconds / size:.2f} ({memory:.0f})")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
