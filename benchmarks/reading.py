"""`python -m benchmarks.reading DUMP`: the processor time of a build by stage, by Python and by the compiled reader.

Both take turns, in one process; of each stage the least of some rounds is shown, in microseconds a record, without the
stages that it calls. The compiled reader is compared first: the segments must be the same byte for byte.
"""

from __future__ import annotations

import argparse
import inspect
import os
import tempfile
import threading
import time
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from smsearch.ingest import build, columns, compiled, documents, load, resolution, segments
from smsearch.ingest.flatten import Flattener
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.spilled_documents import SpilledDocuments
from smsearch.store import dictionaries, encoded_column, tiebreak, trigrams, words
from smsearch.store.segment import SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REST: Final = "everything else"
STAGES: Final[dict[str, tuple[tuple[Any, str], ...]]] = {
    "split lines, parse JSON": ((documents, "split"),),
    "recognise, complete": ((load, "recognise"), (load, "completed")),
    "normalise": ((load, "normalise"),),
    "flatten": ((Flattener, "add"),),
    "walk in C++": ((RunWriter, "take_documents"),),
    "documents, digests, identities, origins": ((RunWriter, "add"), (RunWriter, "_take")),
    "spill a run": ((RunWriter, "spill"),),
    "resolve versions": ((resolution, "resolve"),),
    "copy documents": ((SpilledDocuments, "write"),),
    "gather columns out of runs": ((columns, "encoded"),),
    "dictionaries and codes": ((dictionaries, "encode"),),
    "indexes of trigrams and words": ((trigrams, "index"), (words, "index")),
    "orders": ((encoded_column, "laid_out"), (segments, "laid_out"), (tiebreak, "order_and_rank")),
    "write, with checksums": ((SegmentWriter, "_write"),),
}
"""What each stage is: functions of modules, and methods."""


class StageTimes:
    """Processor time by stage, each without those that it calls.

    Attributes:
        seconds: By the names of `STAGES`.
    """

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._within = threading.local()

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """A function, its time added to a stage; of a generator function, that of its steps."""
        if inspect.isgeneratorfunction(work):

            @wraps(work)
            def steps(*args: Any, **kwargs: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever the function takes
                iterator = work(*args, **kwargs)
                ended = object()
                while (step := self._call(stage, next, iterator, ended)) is not ended:
                    yield step

            return steps

        @wraps(work)
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the function takes and returns
            return self._call(stage, work, *args, **kwargs)

        return call

    def _call(self, stage: str, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        outer = getattr(self._within, "seconds", 0.0)
        self._within.seconds = 0.0
        begin = time.thread_time()
        try:
            return work(*args, **kwargs)
        finally:
            seconds = time.thread_time() - begin
            self.seconds[stage] += seconds - self._within.seconds
            self._within.seconds = outer + seconds


def profile(dump: str) -> dict[str, float]:
    """Seconds of processor time that a build in one process takes, by stage."""
    times = StageTimes()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as patches:
        for stage, places in STAGES.items():
            for owner, name in places:
                patches.enter_context(patch.object(owner, name, times.timed(stage, getattr(owner, name))))
        begin = time.process_time()
        build.build([dump], Path(folder, "store"), processes=1)
        whole = time.process_time() - begin
    return times.seconds | {REST: whole - sum(times.seconds.values()), "all": whole}


def store_files(dump: str) -> list[bytes]:
    """The segments of a store of a dump."""
    with tempfile.TemporaryDirectory() as folder:
        build.build([dump], Path(folder, "store"), processes=1)
        return [file.read_bytes() for file in sorted(Path(folder, "store").glob("*.smseg"))]


def main() -> None:
    """Prints a column for each reader."""
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
                    stores.append(store_files(arguments.dump))
                    continue
                now = profile(arguments.dump)
                best[name] = {stage: min(seconds, best.get(name, now)[stage]) for stage, seconds in now.items()}
    if stores[0] != stores[1]:
        raise SystemExit("The two stores differ.")
    print(f"| µs of processor time a record, {count:,} records | " + " | ".join(best) + " |")
    print("|---" + "|---:" * len(best) + "|")
    for stage in (*STAGES, REST, "all"):
        print(f"| {stage} | " + " | ".join(f"{seconds[stage] / count * 1e6:.1f}" for seconds in best.values()) + " |")


if __name__ == "__main__":
    main()
