"""A file under way survives a break at any byte of it and of its journal."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
import zstandard

from smsearch.export.journal import Fate, Partial

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORDS = {"a": b'{"a":1}\n', "b": b"", "c": b'{"c":"\xc3\xa4"}\n'}


def fill(partial: Partial) -> None:
    """What every run does: whatever is not settled is fetched again, in the same order."""
    for key, line in RECORDS.items():
        if not partial.is_settled(key):
            partial.add(key, Fate.WRITTEN if line else Fate.GONE, line)


def test_a_break_at_any_byte_loses_and_doubles_nothing(tmp_path: Path) -> None:
    lines, journal = tmp_path / "lines", tmp_path / "journal"
    with Partial(lines, journal) as partial:
        fill(partial)
    whole, noted = lines.read_bytes(), journal.read_bytes()
    assert whole == b"".join(RECORDS.values())
    for end in range(len(whole) + 1):
        for noted_end in range(len(noted) + 1):
            lines.write_bytes(whole[:end])
            journal.write_bytes(noted[:noted_end])
            with Partial(lines, journal) as partial:
                fill(partial)
                assert partial.count(Fate.WRITTEN) == 2
                assert partial.count(Fate.GONE) == 1
            assert lines.read_bytes() == whole, (end, noted_end)


def test_zeros_after_a_power_failure_are_no_line(tmp_path: Path) -> None:
    lines, journal = tmp_path / "lines", tmp_path / "journal"
    with Partial(lines, journal) as partial:
        fill(partial)
    whole = lines.read_bytes()
    lines.write_bytes(whole[:8] + bytes(len(whole) - 8))
    with Partial(lines, journal) as partial:
        assert partial.before == 1
        fill(partial)
    assert lines.read_bytes() == whole


def test_what_is_gone_or_failed_is_looked_at_again(tmp_path: Path) -> None:
    with Partial(tmp_path / "lines", tmp_path / "journal") as partial:
        for number, fate in enumerate(Fate):
            partial.add(str(number), fate)
        unsettled = {fate for number, fate in enumerate(Fate) if not partial.is_settled(str(number))}
    assert unsettled == {Fate.GONE, Fate.FAILED}


@pytest.mark.parametrize(
    ("suffix", "unpacked"),
    [
        ("", bytes),
        (".gz", gzip.decompress),
        (".zst", lambda raw: zstandard.ZstdDecompressor().decompressobj().decompress(raw)),
    ],
)
def test_a_finished_file_is_as_its_suffix_says(tmp_path: Path, suffix: str, unpacked: Callable[[bytes], bytes]) -> None:
    target = tmp_path / f"jobs.jsonl{suffix}"
    target.write_bytes(b"an earlier export")
    with Partial(tmp_path / "lines", tmp_path / "journal") as partial:
        fill(partial)
        assert target.read_bytes() == b"an earlier export"
        partial.finish(target)
        partial.discard()
    assert unpacked(target.read_bytes()) == b"".join(RECORDS.values())
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
