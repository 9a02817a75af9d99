"""Opens files that must be regular ones: what a manifest names is never a pipe, a device, or a link to somewhere else.

Opening a pipe would wait for its other end for ever, and a link leads out of the folder. This module knows files and
their kinds, not what they hold.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    StrPath = str | os.PathLike[str]

_KINDS: Final = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_file(path: StrPath) -> IO[bytes]:
    """A file, opened for reading; its folder may be reached by links. Raises what `open_within` raises."""
    folder, name = os.path.split(path)
    return open_within(folder or os.curdir, name)


def open_within(folder: StrPath, name: str) -> IO[bytes]:
    """A file of a folder, opened for reading.

    Args:
        folder: The folder; it may be reached by links.
        name: The file's name, with `/` after each folder below.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be opened, or it is no regular file of this folder; `strerror` says which.
    """
    path = os.fspath(folder)
    *above, last = name.split("/")
    for part in above:
        path = f"{path}/{part}"
        _expect(stat.S_ISDIR, os.lstat(path), "a folder")
    path = f"{path}/{last}"
    _expect(stat.S_ISREG, os.lstat(path), "a file")  # before it is opened: opening a device may do something
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _expect(stat.S_ISREG, os.fstat(descriptor), "a file")  # another may have taken its place
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _expect(is_right: Callable[[int], bool], status: os.stat_result, right: str) -> None:
    if is_right(status.st_mode):
        return
    kind = next((word for is_kind, word in _KINDS if is_kind(status.st_mode)), "something else")
    raise OSError(errno.EINVAL, f"it is {kind} and not {right}")
