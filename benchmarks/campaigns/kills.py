"""Writers that are killed at a moment of chance: what is there is what was or was to be, and the next run ends well."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import smsearch
from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import ROOT, make_store
from benchmarks.generate import lines
from smsearch.archive import manifest as archives
from smsearch.ingest import check_archive
from smsearch.store import manifest as stores
from smsearch.store.check import check
from tests.export.fake import Fake, serving

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

_JOBS: Final = 600
"""Jobs of a dump: writing them takes as long as the rest of the process, so that kills meet both."""
_EXPORTED: Final = 40
_SMSEARCH: Final = (sys.executable, "-m", "smsearch")
_LEFT_BEHIND: Final = f"is not in {archives.MANIFEST}"
"""What check says of a file that a killed writer left in an archive, until the next one removes it."""


class _Writer:
    """A verb that writes a folder, and what there may be of the folder while and after it is killed.

    Args:
        command: The verb and its arguments; the folder follows.
        before: The folder before it, which may be missing.
        snapshot: Gives a name of the content of a folder.
        check_folder: Says what is wrong with a folder.
    """

    def __init__(
        self,
        command: Sequence[str],
        before: Path,
        snapshot: Callable[[Path], str],
        check_folder: Callable[[Path], Iterator[str]],
    ) -> None:
        self._command = [*_SMSEARCH, *command, "-q", "-o"]
        self._before = before
        self._snapshot = snapshot
        self._check = check_folder
        folder = before.with_name(f"{before.name}-done")
        self._copy(folder)
        begun = time.monotonic()
        subprocess.run([*self._command, str(folder)], check=True, cwd=ROOT)  # noqa: S603 - our own command
        self._seconds = time.monotonic() - begun
        self._after = snapshot(folder)
        self._allowed = {self._after} | ({snapshot(before)} if before.exists() else set())

    def _copy(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if self._before.exists():
            shutil.copytree(self._before, folder)

    def attempt(self, chance: random.Random) -> None:
        """Kills the verb, looks at what is there, and lets it run to its end."""
        folder = self._before.with_name("killed")
        self._copy(folder)
        killed_after(chance.uniform(0, self._seconds * 1.1), [*self._command, str(folder)])
        if self._is_there(folder):
            self._expect_whole(folder, self._allowed)
        elif self._before.exists():
            raise BrokenLawError("what was there before is gone")
        subprocess.run([*self._command, str(folder)], check=True, cwd=ROOT)  # noqa: S603 - our own command
        self._expect_whole(folder, {self._after})

    @staticmethod
    def _is_there(folder: Path) -> bool:
        return stores.is_store(folder) or archives.is_archive(folder)

    def _expect_whole(self, folder: Path, allowed: set[str]) -> None:
        if self._snapshot(folder) not in allowed:
            raise BrokenLawError("it is neither what it was nor what it was to be")
        problems = [problem for problem in self._check(folder) if _LEFT_BEHIND not in problem]
        if problems:
            raise BrokenLawError(f"check says {problems}")


def killed_after(seconds: float, command: Sequence[str]) -> bool:
    """Starts a command and kills it and its children after some seconds; returns whether it was still at work."""
    process = subprocess.Popen(command, cwd=ROOT, process_group=0, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def _snapshot_of_store(folder: Path) -> str:
    return stores.read_manifest(folder).snapshot


def _snapshot_of_archive(folder: Path) -> str:
    return archives.read_manifest(folder).snapshot


@contextmanager
def _prepare_index(folder: Path) -> Iterator[Attempt]:
    yield _Writer(["index", str(_dump(folder))], folder / "none", _snapshot_of_store, check).attempt


@contextmanager
def _prepare_add(folder: Path) -> Iterator[Attempt]:
    store = make_store(folder)
    yield _Writer(["index", str(_dump(folder)), "--add"], store, _snapshot_of_store, check).attempt


@contextmanager
def _prepare_archive(folder: Path) -> Iterator[Attempt]:
    smsearch.build_archive([make_store(folder)], folder / "archive")
    command = ["archive", str(_dump(folder)), "--add"]
    yield _Writer(command, folder / "archive", _snapshot_of_archive, check_archive.check).attempt


def _dump(folder: Path) -> Path:
    dump = folder / "dump.jsonl"
    dump.write_bytes(b"".join(lines(_JOBS)))
    return dump


@contextmanager
def _prepare_export(folder: Path) -> Iterator[Attempt]:
    names = [f"job-{number:02}" for number in range(_EXPORTED)]
    target = folder / "export" / "TrainingJob.jsonl"
    command = [*_SMSEARCH, "export", "-r", "TrainingJob", "--suffix", ".jsonl", "-q"]

    with serving(Fake(names, page_size=10)) as fake:
        command += ["--endpoint-url", fake.url, "-o", str(target.parent)]
        begun = time.monotonic()
        subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own command
        seconds, expected = time.monotonic() - begun, target.read_bytes()

        def attempt(chance: random.Random) -> None:
            shutil.rmtree(target.parent)
            for _ in range(chance.choice((1, 1, 2, 3))):
                if killed_after(chance.uniform(0, seconds), command) and target.exists():
                    _expect_same(target, expected)
            subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own command
            _expect_same(target, expected)
            if [path.name for path in target.parent.iterdir()] != [target.name]:
                raise BrokenLawError(f"it has left {sorted(path.name for path in target.parent.iterdir())}")

        yield attempt


def _expect_same(target: Path, expected: bytes) -> None:
    if target.read_bytes() != expected:
        raise BrokenLawError("the export is there, and it is not whole")


INDEX: Final = Campaign(
    name="kills of index",
    law="there is no store or a whole one, and the next run makes it",
    tries=125,
    tested=1,
    prepare=_prepare_index,
)
ADD: Final = Campaign(
    name="kills of index --add",
    law="the store is what it was or what it was to be, and the next run brings it there",
    tries=125,
    tested=1,
    prepare=_prepare_add,
)
ARCHIVE: Final = Campaign(
    name="kills of archive --add",
    law="the archive is what it was or what it was to be, and the next run brings it there",
    tries=125,
    tested=1,
    prepare=_prepare_archive,
)
EXPORT: Final = Campaign(
    name="kills of export",
    law="a file is there when it is whole; after any number of kills a run ends with every record once",
    tries=125,
    tested=1,
    prepare=_prepare_export,
)
