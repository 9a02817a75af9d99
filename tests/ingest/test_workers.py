"""What a process of a pool raises is raised by who asked for it, as without processes."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from smsearch.errors import ExportError, SmsearchError
from smsearch.ingest import build, splits
from smsearch.ingest.workers import Inline, Workers
from tests.ingest.sample import job
from tests.small_disk import small_disk

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.ingest.progress import Advance
    from smsearch.ingest.splits import FileSplit, SplitResult


class PeculiarError(Exception):
    """An error that cannot be pickled and made again."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(f"{reason} at {place}")


def refuse() -> NoReturn:
    raise ExportError("The record is odd.", file="a.json", line=7, hint="Mend it.")


def fill(path: str) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def stumble() -> NoReturn:
    raise PeculiarError("stumbled", 3)


def exhaust() -> NoReturn:
    raise MemoryError("4 GiB are wanted")


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def leave() -> NoReturn:
    os._exit(7)


def chatter() -> int:
    sys.stdout.write("a library says something\n")
    return 5


def double(number: int) -> int:
    return 2 * number


def counted(number: int) -> dict[str, Any]:
    return {"every": np.arange(number), "odd": np.arange(1, number, 2, dtype=np.uint8), "number": number}


def raised(pool: Inline | Workers, work: Callable[..., object], *args: object) -> BaseException:
    error = pool.submit(work, *args).exception(timeout=60)
    assert error is not None
    return error


@pytest.mark.parametrize(
    ("work", "args"), [(refuse, ()), (fill, ("store/0.run",)), (exhaust, ())], ids=["export", "disk", "memory"]
)
def test_an_error_is_the_same_as_without_processes(work: Callable[..., object], args: tuple[object, ...]) -> None:
    with Inline() as here, Workers(1) as others:
        mine, theirs = raised(here, work, *args), raised(others, work, *args)
        assert others.submit(double, 4).result(timeout=60) == 8, "the process goes on"
    assert type(theirs) is type(mine)
    assert str(theirs) == str(mine)
    if isinstance(mine, OSError) and isinstance(theirs, OSError):
        assert (theirs.errno, theirs.filename) == (mine.errno, mine.filename)
    if isinstance(mine, ExportError) and isinstance(theirs, ExportError):
        assert (theirs.file, theirs.line, theirs.hint) == (mine.file, mine.line, mine.hint)
    assert work.__name__ in "".join(traceback.format_exception(theirs)), "where it was raised"


def count_to(advance: Advance, number: int) -> str:
    for count in range(1, number + 1):
        advance(count)
    return "done"


@pytest.mark.parametrize("pool", [Inline, lambda: Workers(1)], ids=["here", "another process"])
def test_work_tells_how_far_it_has_come(pool: Callable[[], Inline | Workers]) -> None:
    advance: list[int] = []
    with pool() as someone:
        assert someone.submit_with_progress(advance.append, count_to, 3).result(timeout=60) == "done"
        assert advance == [1, 2, 3]
        assert someone.submit(double, 4).result(timeout=60) == 8


@pytest.mark.parametrize("number", [3, 100_000])
def test_large_results_come_in_a_file_that_goes(number: int, tmp_path: Path) -> None:
    with Workers(1, tmp_path) as pool:
        result = pool.submit(counted, number).result(timeout=60)
        assert list(tmp_path.iterdir()) == []
        assert result.pop("number") == number
        for array, expected in zip(result.values(), counted(number).values(), strict=False):
            assert isinstance(array, np.ndarray)
            assert np.array_equal(array, expected)
            assert array.dtype == expected.dtype
            assert array.flags.writeable == (array.nbytes < 1 << 16), "a mapped one cannot be changed"
        assert pool.submit(double, 4).result(timeout=60) == 8


def test_a_large_result_that_cannot_be_handed_over_is_an_error(tmp_path: Path) -> None:
    with Workers(1, tmp_path / "gone") as pool:
        assert isinstance(raised(pool, counted, 100_000), FileNotFoundError)
        assert pool.submit(double, 4).result(timeout=60) == 8


def test_an_error_that_cannot_be_pickled_keeps_its_words() -> None:
    with Workers(1) as pool:
        error = raised(pool, stumble)
    assert str(error) == "PeculiarError: stumbled at 3"


@pytest.mark.parametrize(
    ("number", "message", "hint"),
    [
        (signal.SIGKILL, "A process of the build was ended by SIGKILL.", "Is there enough memory?"),
        (signal.SIGABRT, "A process of the build was ended by SIGABRT.", ""),
        (signal.SIGRTMIN + 1, f"A process of the build was ended by signal {signal.SIGRTMIN + 1}.", ""),
    ],
)
def test_a_process_that_was_killed_says_so(number: int, message: str, hint: str) -> None:
    with Workers(1) as pool:
        error = raised(pool, die, number)
    assert isinstance(error, SmsearchError)
    assert (error.message, error.hint) == (message, hint)


def test_a_process_that_ends_says_with_which_code() -> None:
    with Workers(1) as pool:
        assert str(raised(pool, leave)) == "A process of the build ended with code 7."


def test_what_a_library_prints_is_no_answer() -> None:
    with Workers(1) as pool:
        assert pool.submit(chatter).result(timeout=60) == 5


def stumbling_split(advance: Advance, split: FileSplit, working: Path, prefix: str) -> SplitResult:
    """As `read_split`, which stumbles over one of the files."""
    if Path(split.source.name).name == "b.jsonl":
        raise ValueError("no such thing")
    return splits.read_split(advance, split, working, prefix)


def dying_split(advance: Advance, split: FileSplit, working: Path, prefix: str) -> SplitResult:
    """As `read_split`, which one of the files kills."""
    if Path(split.source.name).name == "b.jsonl":
        os.kill(os.getpid(), signal.SIGKILL)
    return splits.read_split(advance, split, working, prefix)


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files, and a build that reads in processes however small they are."""
    import orjson

    monkeypatch.setattr(build, "SIDE_BY_SIDE_FROM", 0)
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.jsonl").write_bytes(orjson.dumps(job(f"job-{name}"), option=orjson.OPT_APPEND_NEWLINE))
    return folder


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_a_build_names_the_file_that_was_read(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(build, "read_split", stumbling_split)
    with pytest.raises(ValueError, match="no such thing") as error:
        build.build([str(exports)], tmp_path / "store", processes=processes)
    assert f"while {exports / 'b.jsonl'} was read" in error.value.__notes__


def test_a_killed_process_of_a_build_names_the_file_that_was_read(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "read_split", dying_split)
    with pytest.raises(ExportError) as error:
        build.build([str(exports)], tmp_path / "store", processes=2)
    assert (error.value.file, error.value.hint) == (str(exports / "b.jsonl"), "Is there enough memory?")


@pytest.mark.skipif(sys.platform == "darwin", reason="there the signal for a file too large ends the process")
@pytest.mark.parametrize("processes", [1, 2])
def test_a_full_disk_names_the_file_from_any_process(exports: Path, tmp_path: Path, processes: int) -> None:
    """A limit on the size of files, inherited by the processes, stands for a disk."""
    with pytest.raises(OSError, match="File too large") as error, small_disk():
        build.build([str(exports)], tmp_path / "store", processes=processes)
    named = Path(error.value.filename)
    assert (named.parent.parent, named.suffix) == (tmp_path / "store", ".run")
