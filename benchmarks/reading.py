"""`python -m benchmarks.reading DUMP`: the processor time of a build by stage, by Python and by the compiled reader.

Both take turns, in one process; of each stage the least of some rounds is shown, in microseconds a record. The compiled
reader is compared first: the segments must be the same byte for byte.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from smsearch.ingest import build, compiled, sources, splits
from smsearch.ingest.progress import ignore
from smsearch.ingest.runs import RunWriter

if TYPE_CHECKING:
    from collections.abc import Callable

STAGES: Final = ("read", "spill", "write")


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time that some work takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def stages(dump: str) -> dict[str, float]:
    """Seconds by stage: `read` up to flattened values, `spill` to a run on disk, `write` a store of the runs."""
    spilling, spill = 0.0, RunWriter.spill

    def timed_spill(writer: RunWriter) -> None:
        nonlocal spilling
        spilling += timed(lambda: spill(writer))

    with tempfile.TemporaryDirectory() as folder, patch.object(RunWriter, "spill", timed_spill):
        split = splits.FileSplit(sources.find([dump])[0])
        reading = timed(lambda: splits.read_split(ignore, split, Path(folder), "run"))
        of_reading, spilling = spilling, 0.0
        whole = timed(lambda: build.build([dump], Path(folder, "store"), processes=1))
        return {"read": reading - of_reading, "spill": of_reading, "write": whole - reading}


def segments(dump: str) -> list[bytes]:
    """The segments of a store of a dump."""
    with tempfile.TemporaryDirectory() as folder:
        build.build([dump], Path(folder, "store"), processes=1)
        return [file.read_bytes() for file in sorted(Path(folder, "store").glob("*.smseg"))]


def main() -> None:
    """Prints a row for each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dump", help="JSON lines of training jobs, one each")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    arguments = parser.parse_args()
    count = Path(arguments.dump).read_bytes().count(b"\n")
    best: dict[str, dict[str, float]] = {}
    stores = []
    for turn in range(arguments.rounds + 1):
        for name, pure in (("Python", "1"), ("compiled", "0")):
            with patch.dict(os.environ, {compiled.PURE: pure}):
                if turn == 0:
                    stores.append(segments(arguments.dump))
                    continue
                now = stages(arguments.dump)
                best[name] = {stage: min(now[stage], best.get(name, now)[stage]) for stage in STAGES}
    if stores[0] != stores[1]:
        raise SystemExit("The two stores differ.")
    print(f"{count:,} records, µs of processor time a record: " + ", ".join(STAGES))
    for name, seconds in best.items():
        print(f"{name:<10}" + "".join(f"{seconds[stage] / count * 1e6:8.1f}" for stage in STAGES))


if __name__ == "__main__":
    main()
