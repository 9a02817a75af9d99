"""Files that a store no longer consists of, kept for a while for those who still read them.

Whoever has just read the manifest may be about to open what it names, and a file system that is shared may not keep a
file for those who have it open. So a file that is replaced is *retired*: the manifest lists it with the time, and the
next writer removes it once its time is over. This module knows names and times, not what the files hold.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

from smsearch import occupied
from smsearch.errors import StoreError
from smsearch.frozen import replace
from smsearch.store.manifest import MANIFEST, REPORT_NAME, Manifest, RetiredFile, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

RETIRED_SECONDS: Final = 15 * 60
"""How long a replaced file is kept; as long as `smsearch serve` answers tokens of earlier snapshots, left to itself."""
_SUFFIXES: Final = frozenset({".smseg", ".rows"})


def succeed(new: Manifest, folder: Path, now: int) -> Manifest:
    """A manifest that is to take the place of the store's, with the files that are kept for readers of earlier ones.

    Args:
        new: The manifest, without retired files.
        folder: The store's.
        now: Seconds since 1970.
    """
    old = _present(folder)
    if old is None:
        return new
    replaced = [RetiredFile(name, size, now) for name, size in old.files().items()]
    retired = {file.file: file for file in (*old.retired, *replaced) if not _is_over(file, now)}
    named = new.files()
    there = [file for file in retired.values() if file.file not in named and (folder / file.file).exists()]
    return replace(new, retired=tuple(sorted(there, key=lambda file: (file.replaced, file.file))))


def sweep(folder: Path) -> None:
    """Removes what killed writers left, and files of earlier manifests that are not kept any more.

    Nothing but what killed writers left is removed while the manifest is of another version, or damaged: which files it
    names is not known.
    """
    for path in list(occupied.left_behind(folder)):
        shutil.rmtree(path, ignore_errors=True)
    manifest = _present(folder)
    if manifest is None:
        return
    named = {*manifest.files(), *(file.file for file in manifest.retired)}
    for path in folder.iterdir():
        is_ours = path.suffix in _SUFFIXES or re.fullmatch(REPORT_NAME, path.name)
        if path.name not in named and (is_ours or path.name == f"{MANIFEST}.new"):
            path.unlink(missing_ok=True)


def _present(folder: Path) -> Manifest | None:
    """The store's manifest, an empty one where there is none, or None if it cannot be read."""
    try:
        return read_manifest(folder)
    except StoreError:
        return None if (folder / MANIFEST).exists() else Manifest()


def _is_over(file: RetiredFile, now: int) -> bool:
    """Whether a file was kept long enough; clocks differ, and a time far ahead is of one that was wrong."""
    return abs(now - file.replaced) >= RETIRED_SECONDS
