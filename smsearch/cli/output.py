"""Opens the output: standard output, or a file that exists whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from smsearch.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def open_output(path: str | None, *, keeps_styles: bool = False) -> Iterator[BinaryIO]:
    """A stream for the data.

    A file is written under another name beside the old one and replaces it when it is complete, so that an error or
    Ctrl-C leaves the old one. A device or a pipe is written to directly.

    Args:
        path: The file; None and `-` are standard output.
        keeps_styles: Whether colours reach a terminal, as those of a table shall.

    Raises:
        OSError: The file cannot be written.
    """
    if path is None or path == "-":
        stream = terminal.in_front_of(sys.stdout.buffer, keeps_styles=keeps_styles)
        yield stream
        stream.flush()
        return
    from pathlib import Path

    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        from smsearch import durable

        with durable.create(target) as stream:
            yield terminal.in_front_of(stream, keeps_styles=keeps_styles)
        return
    with _replacing(target, path) as stream:
        yield stream


@contextmanager
def _replacing(target: Path, path: str) -> Iterator[BinaryIO]:
    import tempfile
    from pathlib import Path

    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield cast("BinaryIO", stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(_mode(target))
        part.replace(target)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno and error.filename is None:  # of a write, which knows no file
            raise OSError(error.errno, error.strerror, path) from None
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those that a new file would have."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
