"""Readers during writers: whoever opens a store while others add to it, or write it anew, sees one snapshot whole."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import orjson

import smsearch
from benchmarks.campaigns.campaign import BrokenLawError, Campaign

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt
    from smsearch.searcher import Searcher

_JOBS: Final = 12


def _job(at: int, version: int) -> dict[str, Any]:
    name = f"job-{at:02}"
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{name}",
        "LastModifiedTime": version,
        "HyperParameters": {"v": str(version)},
    }


class _Reader(threading.Thread):
    """Opens a store again and again until it is told to end; every snapshot has all jobs, in one version."""

    def __init__(self, store: Path) -> None:
        super().__init__(daemon=True)
        self._store = store
        self._is_over = threading.Event()
        self.problem = ""
        self.opened = 0

    def run(self) -> None:
        held: Searcher | None = None
        try:
            while not self._is_over.is_set() and not self.problem:
                searcher = smsearch.open(self._store)
                self._look_at(searcher)
                if held is not None:
                    held.forget()
                    self._look_at(held)
                held = searcher
                self.opened += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
            self.problem = f"{type(error).__name__}: {error}"

    def _look_at(self, searcher: Searcher) -> None:
        versions = [record["HyperParameters"]["v"] for record in searcher.query("ORDER BY TrainingJobName ASC")]
        if len(versions) != _JOBS or len(set(versions)) != 1:
            self.problem = f"a snapshot has the versions {versions}"

    def end(self) -> None:
        """Lets it finish what it does."""
        self._is_over.set()
        self.join()


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    store, version = folder / "store", 0

    def write(chance: random.Random | None) -> None:
        nonlocal version
        version += 1
        dump = folder / "dump.json"
        dump.write_bytes(orjson.dumps([_job(at, version) for at in range(_JOBS)]))
        smsearch.build([dump], store, add=chance is not None and chance.random() < 0.8)

    write(None)
    readers = [_Reader(store) for _ in range(2)]
    for reader in readers:
        reader.start()

    def attempt(chance: random.Random) -> float:
        begun = time.thread_time()
        write(chance)
        for reader in readers:
            if reader.problem:
                raise BrokenLawError(reader.problem)
        return time.thread_time() - begun

    try:
        yield attempt
    finally:
        for reader in readers:
            reader.end()


CAMPAIGN: Final = Campaign(
    name="readers during writers",
    law="every snapshot that is opened or held has all records, in one version",
    tries=5_000,
    tested=20,
    prepare=_prepare,
    unit="s of the writer's processor time",
)
