"""The folder that a writer works in: its lock, where it builds, and how to tell a folder that was left unfinished.

Stores and archives are written alike: a lock is taken, work is done in a folder of its own, files get their names, and
the manifest is written last. This module knows the names that writers give, and no content.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from smsearch import sealed
from smsearch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.regular import StrPath

LOCK: Final = "lock"
_TRIES: Final = 100
_WORKING: Final = r"build-[0-9]+"
_MANIFESTS: Final = ("manifest.json", "archive.json")
_WRITTEN: Final = r"(?:segment|dead|held|counts|report)-\w+\.\w+|(?:manifest|archive)\.json(?:\.new)?"
_KIND: Final = r"[A-Z]\w+"
_PART: Final = r"part-\w+\.parquet"


def is_working(path: Path) -> bool:
    """Whether a path has the name of a folder in which a writer works."""
    return re.fullmatch(_WORKING, path.name) is not None


def left_behind(folder: Path) -> Iterator[Path]:
    """Where killed writers have worked."""
    return (path for path in folder.iterdir() if is_working(path) and path.is_dir())


def is_of_a_writer(folder: Path) -> bool:
    """Whether a folder holds a writer's lock and nothing that a writer has not made."""
    try:
        names = [path for path in folder.iterdir() if not path.name.startswith(".")]
        lock = folder / LOCK
        return lock in names and lock.is_file() and all(path == lock or _is_made(path) for path in names)
    except OSError:
        return False


def is_unfinished(folder: Path) -> bool:
    """Whether a first writer is still at work on a folder, or was interrupted: what it made has no manifest."""
    return is_of_a_writer(folder) and not any(os.path.lexists(folder / manifest) for manifest in _MANIFESTS)


def unreadable(folder: Path) -> StoreError:
    """The error for a writer's folder without a manifest that reads as one.

    Read as a folder of exports, it would hold no records.
    """
    if not is_unfinished(folder):
        message = f"{folder} is damaged: its manifest does not begin as that of a store or an archive."
        return StoreError(message, hint="Restore it, or make it again with `smsearch index` or `smsearch archive`.")
    return StoreError(
        f"{folder} is unfinished: it has no manifest yet. `smsearch index` or `smsearch archive` is at work on it, or"
        " was interrupted.",
        hint="Wait until it is done, or run it again.",
    )


def manifest_of(folder: StrPath, name: str, what: str, hint: str) -> bytes:
    """The bytes of a folder's manifest.

    Args:
        folder: The store's or the archive's.
        name: The name of its manifest.
        what: What the folder should be (`a store`).
        hint: How one is made.

    Raises:
        StoreError: The folder is unfinished, or none.
    """
    try:
        return sealed.read(f"{folder}/{name}")
    except OSError as error:
        from pathlib import Path

        if is_unfinished(Path(folder)):
            raise unreadable(Path(folder)) from None
        raise StoreError(f"{folder} is not {what}: {error.strerror}.", hint=hint) from None


@contextmanager
def working_folder(folder: Path) -> Iterator[Path]:
    """Where this process works until what it writes is whole; removed at the end."""
    import shutil  # who only reads a store does without

    working = folder / f"build-{os.getpid()}"
    working.mkdir()
    try:
        yield working
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _is_made(path: Path) -> bool:
    if re.fullmatch(_WRITTEN, path.name) or is_working(path):
        return True
    is_kind = re.fullmatch(_KIND, path.name) and path.is_dir()
    return bool(is_kind) and all(re.fullmatch(_PART, inside.name) for inside in path.iterdir())


@contextmanager
def writing(folder: Path, manifest: str) -> Iterator[None]:
    """Holds a folder's lock, so that one writer works at a time; makes the folder if it is not there.

    A writer that fails before there was any manifest leaves nothing of its own: neither lock nor folder.

    Args:
        folder: The store's or the archive's.
        manifest: The name of its manifest.

    Raises:
        StoreError: Another writer is at work.
    """
    is_new = not folder.exists()
    descriptor = _locked(folder)
    try:
        yield
    finally:
        if not os.path.lexists(folder / manifest):
            _leave_nothing(folder, is_new=is_new)
        os.close(descriptor)


def _locked(folder: Path) -> int:
    """A descriptor of the lock, held: of the file that has the lock's name, which its last holder may have removed."""
    for _ in range(_TRIES):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            if os.path.lexists(folder) and not folder.is_dir():
                raise  # something else has the name
            continue  # the folder was there, and was removed before it was looked at
        try:
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except FileNotFoundError:  # the folder was removed meanwhile
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held, named = os.fstat(descriptor), (folder / LOCK).stat()
        except FileNotFoundError:
            os.close(descriptor)
            continue
        except OSError:
            os.close(descriptor)
            message = f"Another smsearch is writing to {folder}."
            raise StoreError(message, hint="Try again when it is done.") from None
        if (held.st_dev, held.st_ino) == (named.st_dev, named.st_ino):
            return descriptor
        os.close(descriptor)
    raise StoreError(f"{folder} is removed again and again.", hint="Try again when its other writers are done.")


def _leave_nothing(folder: Path, *, is_new: bool) -> None:
    """Removes what writers have made in a folder that never became a store or an archive."""
    import shutil  # who only reads a store does without

    for path in list(folder.iterdir()):
        if path.name == LOCK or not _is_made(path):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    (folder / LOCK).unlink(missing_ok=True)
    if is_new:
        try:
            folder.rmdir()
        except OSError:  # somebody has put something of his own there
            return
