"""A build says how far it has come, from the first bytes that it reads to the last that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

import smsearch
from smsearch.ingest import build
from tests.ingest.sample import job

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = 2_000


@pytest.mark.parametrize("is_side_by_side", [False, True])
def test_bytes_are_told_as_they_are_read_and_then_as_they_are_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_side_by_side: bool,  # noqa: FBT001
) -> None:
    if is_side_by_side:
        monkeypatch.setattr(build, "SIDE_BY_SIDE_FROM", 0)
    lines = (
        orjson.dumps(job(f"job-{at}", RoleArn="x" * 1000), option=orjson.OPT_APPEND_NEWLINE) for at in range(RECORDS)
    )
    (tmp_path / "jobs.jsonl").write_bytes(b"".join(lines))
    size = (tmp_path / "jobs.jsonl").stat().st_size
    read: list[tuple[int, int]] = []
    written: list[tuple[int, int]] = []
    smsearch.build(
        [tmp_path / "jobs.jsonl"],
        tmp_path / "store",
        progress=lambda done, total: read.append((done, total)),
        written=lambda done, total: written.append((done, total)),
    )
    assert read[-1] == (size, size)
    assert len(read) > 2
    assert {total for _, total in written} == {written[0][1]}
    assert len(written) > 5
    done, total = written[-1]
    assert [one for one, _ in written] == sorted(one for one, _ in written)
    assert 0.9 * total < done <= total
