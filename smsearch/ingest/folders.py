"""Folders that a store or an archive may be written to: new ones, empty ones, and those that are one already.

A writer sweeps its folder and puts its own names in the place of what is there, so a folder that holds anything else is
its owner's. Hidden files are nobody's business. What a killed writer left is known by its names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smsearch import occupied
from smsearch.archive.manifest import MANIFEST as ARCHIVE
from smsearch.archive.manifest import is_archive
from smsearch.errors import StoreError
from smsearch.schema import catalogue
from smsearch.store.manifest import is_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OF_A_STORE: Final = re.compile(
    r"(?:segment|held)-\w+\.smseg|(?:dead|counts)-\w+\.rows|report-\w+\.json|manifest\.json(?:\.new)?"
)
_HELD: Final = re.compile(r"held-\w+\.smseg")


def refuse_to_store(folder: Path) -> None:
    """Passes a folder that may become a store, or one anew.

    Raises:
        StoreError: It holds something else.
    """
    if is_archive(folder):
        raise StoreError(f"{folder} is an archive, and a store is another folder.", hint="Name a new one.")
    if not is_store(folder):
        was_one = (folder / occupied.LOCK).exists()  # a manifest beside it is that of a store, however it reads
        _refuse(path for path in _others(folder) if not (was_one and _OF_A_STORE.fullmatch(path.name)))


def refuse_to_archive(folder: Path) -> None:
    """Passes a folder that may become an archive, or one anew.

    Raises:
        StoreError: It holds something else.
    """
    if is_store(folder):
        raise StoreError(f"{folder} is a store, and an archive is another folder.", hint="Name a new one.")
    if not is_archive(folder):
        own = {*catalogue.kinds(), f"{ARCHIVE}.new"}
        _refuse(path for path in _others(folder) if path.name not in own and not _HELD.fullmatch(path.name))


def _others(folder: Path) -> Iterator[Path]:
    """What is in a folder and might be somebody else's."""
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    own = (path.name.startswith(".") or path.name == occupied.LOCK or occupied.is_working(path) for path in names)
    return (path for path, is_own in zip(names, own, strict=True) if not is_own)


def _refuse(others: Iterator[Path]) -> None:
    other = next(others, None)
    if other is not None:
        message = f"{other.parent} holds other files, such as {other.name}: nothing was written."
        raise StoreError(message, hint="Name a new folder.")
