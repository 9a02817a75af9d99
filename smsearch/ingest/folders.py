"""Folders that a store or an archive may be written to: new ones, empty ones, and those that are one already.

A writer sweeps its folder and puts its own names in the place of what is there, so a folder that holds anything else is
its owner's. Hidden files are nobody's business. What a killed writer left is known by its names.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from smsearch import occupied
from smsearch.archive.manifest import MANIFEST as ARCHIVE
from smsearch.archive.manifest import is_archive
from smsearch.errors import StoreError
from smsearch.schema import catalogue
from smsearch.store.manifest import is_store

if TYPE_CHECKING:
    from pathlib import Path

_HELD: Final = r"held-\w+\.smseg"
_OF_A_STORE: Final = re.compile(
    rf"segment-\w+\.smseg|{_HELD}|(?:dead|counts)-\w+\.rows|report-\w+\.json|manifest\.json(?:\.new)?"
)


def refuse_to_store(folder: Path) -> None:
    """Passes a folder that may become a store, or one anew.

    Raises:
        StoreError: It holds something else.
    """
    if is_archive(folder):
        raise StoreError(f"{folder} is an archive, and a store is another folder.", hint="Name a new one.")
    if not is_store(folder):
        _refuse(folder, _OF_A_STORE)


def refuse_to_archive(folder: Path) -> None:
    """Passes a folder that may become an archive, or one anew.

    Raises:
        StoreError: It holds something else.
    """
    if is_store(folder):
        raise StoreError(f"{folder} is a store, and an archive is another folder.", hint="Name a new one.")
    if not is_archive(folder):
        _refuse(folder, _of_an_archive())


@cache
def _of_an_archive() -> re.Pattern[str]:
    return re.compile(rf"{'|'.join(catalogue.kinds())}|{_HELD}|{re.escape(ARCHIVE)}(?:\.new)?")


def _refuse(folder: Path, own: re.Pattern[str]) -> None:
    """Raises for a folder with files that no writer has made: of those that may be one's, if no lock is beside them."""
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    was_one = folder / occupied.LOCK in names  # a manifest beside it is that of a writer, however it reads
    for path in names:
        is_own = path.name == occupied.LOCK or occupied.is_working(path) or own.fullmatch(path.name)
        if not path.name.startswith(".") and not (was_one and is_own):
            message = f"{folder} holds other files, such as {path.name}: nothing was written."
            raise StoreError(message, hint="Name a new folder.")
