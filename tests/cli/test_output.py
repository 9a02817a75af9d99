"""Where data goes: a file is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest

from smsearch.cli.output import open_output

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, BrokenPipeError, ValueError])
@pytest.mark.parametrize("before", ["old", None])
def test_what_interrupts_the_writing_leaves_what_was_there(
    tmp_path: Path, interruption: type[BaseException], before: str | None
) -> None:
    target = tmp_path / "out.csv"
    if before is not None:
        target.write_text(before)

    def write() -> None:
        with open_output(str(target)) as stream:
            stream.write(b"half of it")
            stream.flush()
            assert len(list(tmp_path.iterdir())) == (1 if before is None else 2), "it is written beside its place"
            raise interruption

    with pytest.raises(interruption):
        write()
    assert [path.read_text() for path in tmp_path.iterdir()] == ([] if before is None else [before])


def test_what_cannot_be_written_is_told_with_its_file(tmp_path: Path) -> None:
    written = str(tmp_path / "out.csv")

    def write() -> None:
        with open_output(written):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left on device") as raised:
        write()
    assert raised.value.filename == written
    assert not list(tmp_path.iterdir())


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with open_output(str(tmp_path / "out")) as stream:
            stream.write(b"all of it")
    finally:
        os.umask(mask)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    with open_output(str(tmp_path / "link")) as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with open_output(str(pipe)) as stream:
        stream.write(b"through")
    reader.join(timeout=10)
    assert read == [b"through"]
    assert pipe.is_fifo()
