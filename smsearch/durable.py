"""Writes files so that they last: whole, on the disk itself, and with a name in every error.

It does not know what the files hold.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


class _File(io.FileIO):
    """A file that says its name when it cannot be written, as Python's own does only when it cannot be opened."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type] # any buffer
        except OSError as error:
            raise named(error, os.fspath(self.name)) from None

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:
            raise named(error, os.fspath(self.name)) from None


def named(error: OSError, path: str) -> OSError:
    """The same error with the file that it is about, if it names none."""
    return error if error.filename is not None or error.errno is None else OSError(error.errno, error.strerror, path)


def create(path: Path) -> BinaryIO:
    """A new file to write, buffered; an old one of the name is emptied.

    Raises:
        OSError: Now, or of any later write, flush or close: it has the file's name, on a full disk too.
    """
    return io.BufferedWriter(_File(path, "w"))


def change(path: Path) -> BinaryIO:
    """A file that is there, to read and write, buffered.

    Raises:
        OSError: As for `create`.
    """
    return io.BufferedRandom(_File(path, "r+"))


def sync(file: BinaryIO) -> None:
    """Brings what was written to a file to the disk.

    Raises:
        OSError: It has the file's name, if the file was opened by `create` or `change`.
    """
    file.flush()
    try:
        os.fsync(file.fileno())
    except OSError as error:
        raise named(error, os.fspath(file.name)) from None


def replace(path: Path, content: bytes) -> None:
    """Makes some bytes a file's content: whoever dies meanwhile leaves the old content or the new one."""
    beside = path.with_name(f"{path.name}.new")
    with create(beside) as file:
        file.write(content)
        sync(file)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Brings a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
