"""One byte of a store or an archive that is another one: `check` names the file, and no search answers wrongly."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import smsearch
from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import REQUESTS, answers, make_store, problems_of
from smsearch import occupied
from smsearch.ingest import check_archive
from smsearch.store import check, manifest

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt


@contextmanager
def _prepare_store(folder: Path) -> Iterator[Attempt]:
    store = make_store(folder)
    right = list(answers(store))

    def attempt(chance: random.Random) -> None:
        with _flipped(store, chance) as file:
            _expect_named(check.check, store, file)
            for request, expected, answer in zip(REQUESTS, right, answers(store), strict=True):
                if not isinstance(answer, smsearch.StoreError) and answer != expected:
                    raise BrokenLawError(f"{file.name} is damaged, and {request} is answered wrongly")

    yield attempt


@contextmanager
def _prepare_archive(folder: Path) -> Iterator[Attempt]:
    archive = folder / "archive"
    smsearch.build_archive([make_store(folder)], archive)

    def attempt(chance: random.Random) -> None:
        with _flipped(archive, chance) as file:
            _expect_named(check_archive.check, archive, file)

    yield attempt


@contextmanager
def _flipped(folder: Path, chance: random.Random) -> Iterator[Path]:
    """Puts another file, in which one byte is another one, in the place of a file; afterwards the file is back."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != occupied.LOCK]
    file = chance.choice(files)
    damaged, kept = folder.with_name("flipped"), folder.with_name("kept")  # nothing strange is to lie in the folder
    raw = bytearray(file.read_bytes())
    raw[chance.randrange(len(raw))] ^= chance.randrange(1, 256)
    damaged.write_bytes(raw)
    file.rename(kept)
    try:
        damaged.rename(file)
        yield file
    finally:
        kept.rename(file)


def _expect_named(check_folder: Callable[[Path], Iterator[str]], folder: Path, file: Path) -> None:
    """Expects that a check says something of a file, or of its retired one nothing, which no reader opens."""
    problems = problems_of(check_folder, folder)
    if not any(file.name in problem for problem in problems) and not _is_retired(folder, file):
        raise BrokenLawError(f"{file.name} is damaged, and check says {problems}")


def _is_retired(folder: Path, file: Path) -> bool:
    """Whether a store does not consist of a file any more."""
    return manifest.is_store(folder) and file.name in {one.file for one in manifest.read_manifest(folder).retired}


STORE: Final = Campaign(
    name="flipped bytes of a store",
    law="check names the file, and a search answers as ever or with a StoreError",
    tries=10_000,
    tested=60,
    prepare=_prepare_store,
)
ARCHIVE: Final = Campaign(
    name="flipped bytes of an archive",
    law="check names the file",
    tries=10_000,
    tested=40,
    prepare=_prepare_archive,
)
