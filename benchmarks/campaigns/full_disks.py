"""Writers whose files may not grow beyond a limit of chance, as on a disk that is full: nothing of before is lost.

The limit is the kernel's on the size of a file (`RLIMIT_FSIZE`): writing beyond it fails as on a full disk, with
another number. A library that writes reports it in its own way.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import ROOT, make_store
from benchmarks.generate import lines
from smsearch.cli import exit_codes
from smsearch.ingest import check_archive
from smsearch.store import manifest
from smsearch.store.check import check

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

_JOBS: Final = 60
_LIMITED: Final = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True  # Python may keep half of a module's, and fail ever after
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
from smsearch.cli.main import main
sys.exit(main())
"""


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    store, dump = make_store(folder), folder / "dump.jsonl"
    dump.write_bytes(b"".join(lines(_JOBS)))
    before = manifest.read_manifest(store).snapshot
    largest = 2 * sum(path.stat().st_size for path in store.iterdir())

    def attempt(chance: random.Random) -> None:
        target = folder / "target"
        shutil.rmtree(target, ignore_errors=True)
        limit = round(2 ** chance.uniform(0, largest.bit_length()))
        if chance.random() < 0.5:
            shutil.copytree(store, target)
            code, said = _limited(limit, "index", str(dump), "--add", "-q", "-o", str(target))
            if (manifest.read_manifest(target).snapshot == before) is (code == 0):
                raise BrokenLawError(f"it ended with {code}, and the store is not so: {said}")
            problems = list(check(target))
        else:
            code, said = _limited(limit, "archive", str(store), "-q", "-o", str(target))
            problems = list(check_archive.check(target)) if code == 0 else []
        if problems:
            raise BrokenLawError(f"check says {problems}")
        if code not in (exit_codes.DONE, exit_codes.DATA) or (code and ("bug" in said or "error: " not in said)):
            raise BrokenLawError(f"it ended with {code} and said {said!r}")

    yield attempt


def _limited(limit: int, *arguments: str) -> tuple[int, str]:
    """The exit code of a command that may write so many bytes into a file, and what it says."""
    command = [sys.executable, "-c", _LIMITED, str(limit), *arguments]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)  # noqa: S603 - our own command
    return done.returncode, done.stderr


CAMPAIGN: Final = Campaign(
    name="full disks",
    law="a writer ends with a sentence that names the file, and what was there before is whole",
    tries=500,
    tested=3,
    prepare=_prepare,
)
