"""Which files are found and in what order, and that their bytes come out of any container, cut or whole."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard

from smsearch import build, build_archive
from smsearch.errors import ExportError
from smsearch.ingest import load, sources
from smsearch.ingest.report import Report
from smsearch.ingest.sources import SourceFile
from tests.ingest.sample import job, jobs, lines_of, names, problems, read, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = lines_of(jobs(3))


def found(*names_: str | Path) -> list[str]:
    return [source.name for source in sources.find([str(name) for name in names_])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.json", "a.jsonl", "sub/c.json", ".hidden/d.json", "sub/.hidden.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(lines_of([job(name)]))
    return tmp_path


def test_a_folder_is_read_in_order_without_hidden_files(folder: Path) -> None:
    assert found(folder) == [str(folder / name) for name in ("a.jsonl", "b.json", "sub/c.json")]


def test_a_file_that_is_named_twice_is_read_once(folder: Path) -> None:
    assert found(folder / "b.json", folder, folder / "b.json") == [
        str(folder / name) for name in ("b.json", "a.jsonl", "sub/c.json")
    ]


def test_a_glob_finds_files_and_folders(folder: Path) -> None:
    assert found(folder / "*.json*") == [str(folder / "a.jsonl"), str(folder / "b.json")]
    assert found(folder / "**" / "c.*") == [str(folder / "sub/c.json")]
    assert found(folder / "su[b]") == [str(folder / "sub/c.json")]


def test_a_name_with_brackets_is_a_file_if_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "[1].json").write_bytes(PLAIN)
    assert found(tmp_path / "[1].json") == [str(tmp_path / "[1].json")]


@pytest.mark.parametrize("name", ["missing.json", "*.missing", "nul\x00byte"])
def test_a_source_that_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError) as caught:
        found(f"{tmp_path}/{name}")
    assert caught.value.file
    assert caught.value.hint


def test_a_fifo_is_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    records, report = read(folder)
    assert len(records) == 3
    assert problems(report) == [(0, "It is neither a file nor a folder; it was not opened.")]
    with pytest.raises(ExportError, match="Pipe it in and name it -"):
        found(folder / "pipe.json")


def test_links_that_lead_in_circles_end(folder: Path) -> None:
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    records, report = read(folder)
    assert len(records) == 3
    assert [file.name for file in report.files if file.problems] == [str(folder / "self")]


def test_a_link_to_nothing_is_reported(folder: Path) -> None:
    (folder / "gone.json").symlink_to(folder / "nowhere")
    records, report = read(folder)
    assert len(records) == 3
    assert problems(report) == [(0, "No such file or directory.")]


@pytest.mark.parametrize("named", ["", "*"])
def test_stores_and_archives_among_exports_are_told_of_and_not_read(folder: Path, named: str) -> None:
    build([folder / "a.jsonl"], folder / "jobs.store")
    build_archive([folder / "a.jsonl"], folder / "sub" / "jobs.archive")
    report = Report()
    records = list(load.read([str(folder / named)], report))
    assert [record.name for record in records] == ["a.jsonl", "b.json", "sub/c.json"]
    assert {Path(file.name).name: [problem.reason for problem in file.problems] for file in report.files} == {
        "a.jsonl": [],
        "b.json": [],
        "c.json": [],
        "jobs.store": ["It is a store, not an export: name it alone to search it."],
        "jobs.archive": ["It is an archive, not an export: name it alone to search it."],
    }


def test_a_folder_without_permission_is_reported_and_the_rest_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    records, report = read(folder)
    assert names(records) == ["a.jsonl", "b.json"]
    assert [(file.name, file.skipped) for file in report.files if file.skipped] == [(str(folder / "sub"), 1)]
    assert problems(report) == [(0, "Permission denied.")]


def test_a_file_without_permission_is_reported_and_the_rest_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refusing(path: Path, mode: str) -> object:
        if path.name == "b.json":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", refusing)
    records, report = read(folder)
    assert names(records) == ["a.jsonl", "sub/c.json"]
    assert problems(report) == [(0, "Permission denied.")]


def zstd(raw: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(raw)


CONTAINERS = {
    "plain": PLAIN,
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "gzip": gzip.compress(PLAIN),
    "gzip members": b"".join(gzip.compress(line) for line in PLAIN.splitlines(keepends=True)),
    "gzip members cut anywhere": gzip.compress(PLAIN[:100]) + gzip.compress(b"") + gzip.compress(PLAIN[100:]),
    "gzip with padding": gzip.compress(PLAIN[:50]) + bytes(700) + gzip.compress(PLAIN[50:]) + bytes(40_000),
    "zstd": zstd(PLAIN),
    "zstd frames": b"".join(zstd(line) for line in PLAIN.splitlines(keepends=True)),
    "zstd of unknown size": zstandard.ZstdCompressor().compressobj().compress(b"") + zstd(PLAIN),
    "utf-16": PLAIN.decode().encode("utf-16"),
    "utf-16 big": b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_bytes_come_out_of_any_container_whatever_the_name(tmp_path: Path, container: str) -> None:
    records, report = read_bytes(tmp_path, CONTAINERS[container], "export.txt")
    assert names(records) == ["job-0", "job-1", "job-2"]
    assert report.skipped == 0
    assert report.files[0].size == len(CONTAINERS[container])


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
def test_what_stands_before_a_cut_is_read(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    many = lines_of([{**job(f"job-{number}"), "Noise": sha256(bytes(number)).hexdigest()} for number in range(3_000)])
    packed = compress(many)
    records, report = read_bytes(tmp_path, packed[: len(packed) // 2])
    assert 500 < len(records) < 2_500
    assert names(records) == [f"job-{number}" for number in range(len(records))]
    ((line, reason),) = problems(report)
    assert line == len(records) + 1
    assert reason.startswith("The file cannot be read beyond this: Compressed file ended before")


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
def test_a_cut_at_any_byte_loses_only_what_is_behind_it(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    packed = b"".join(compress(line) for line in PLAIN.splitlines(keepends=True))
    seen = set()
    for end in range(4, len(packed)):
        records, report = read_bytes(tmp_path, packed[:end])
        assert names(records) == [f"job-{number}" for number in range(len(records))]
        assert report.skipped == 1 or len(records) in {1, 2}, end
        seen.add(len(records))
    assert seen >= {0, 1, 2}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_last_line_without_its_end_is_read_before_a_cut(tmp_path: Path, indent: int | None) -> None:
    packed = gzip.compress(json.dumps(job("whole"), indent=indent).encode())
    for broken in (packed[:-3], packed + b"junk"):
        records, report = read_bytes(tmp_path, broken)
        assert names(records) == ["whole"]
        assert len(problems(report)) == 1


def test_elements_before_a_cut_in_an_array_are_read(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps(jobs(400), indent=2).encode(), compresslevel=0)
    records, report = read_bytes(tmp_path, packed[: len(packed) // 2])
    assert 100 < len(records) < 300
    assert len(problems(report)) == 1
    assert "Compressed file ended before" in problems(report)[0][1]


def test_a_damaged_gzip_is_reported(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(PLAIN))
    packed[-6] ^= 0xFF
    records, report = read_bytes(tmp_path, bytes(packed))
    assert len(records) <= 3
    assert "CRC check failed" in problems(report)[-1][1]


def test_half_a_character_of_utf_16_is_reported(tmp_path: Path) -> None:
    records, report = read_bytes(tmp_path, PLAIN.decode().encode("utf-16") + b"\x00")
    assert len(records) == 3
    assert "truncated data" in problems(report)[0][1]


def test_half_a_surrogate_pair_in_utf_16_costs_its_own_line(tmp_path: Path) -> None:
    raw = b"\xff\xfe" + (PLAIN.decode() + '{"TrainingJobName": "\ud800"}\n' + PLAIN.decode()).encode(
        "utf-16-le", "surrogatepass"
    )
    records, report = read_bytes(tmp_path, raw)
    assert len(records) == 6
    assert [line for line, _ in problems(report)] == [4]


def test_another_compression_is_reported_and_not_guessed(tmp_path: Path) -> None:
    records, report = read_bytes(tmp_path, bz2.compress(PLAIN))
    assert records == []
    assert report.skipped >= 1


def test_progress_ends_at_the_bytes_on_disk(folder: Path) -> None:
    (folder / "z.gz").write_bytes(CONTAINERS["gzip"])
    told: list[tuple[int, int]] = []
    list(load.read([str(folder)], Report(), lambda done, total: told.append((done, total))))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and ".hidden" not in str(path))
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_standard_input_is_read_and_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(CONTAINERS["gzip"]))
    monkeypatch.setattr(sys, "stdin", stream)
    records, report = read("-")
    assert len(records) == 3
    assert [file.name for file in report.files] == ["-"]
    assert not stream.buffer.closed


def test_a_file_that_goes_away_is_reported(tmp_path: Path) -> None:
    report = Report()
    assert list(load.from_source(SourceFile(str(tmp_path / "gone.json")), report)) == []
    assert problems(report) == [(0, "No such file or directory.")]
