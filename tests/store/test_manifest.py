"""Manifests that lie: whatever a member says, it is a StoreError that names it, never a hang or a read elsewhere."""

from __future__ import annotations

import copy
import os
import re
import shutil
import signal
import socket
import stat
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch.archive import check as archive_check
from smsearch.archive import manifest as archive_manifest
from smsearch.errors import StoreError
from smsearch.ingest.check_archive import check as check_archive
from smsearch.store import check as store_check
from smsearch.store import manifest as store_manifest
from smsearch.store.live_docs import write_deleted_rows
from smsearch.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRONG_VALUES: tuple[object, ...] = (None, True, -1, 1.5, 1 << 62, "x", "../x", [], [1], {}, {"x": "y"}, {"x": -1})
"""Of every JSON type; each is wrong for some members."""


def job(name: str, **members: object) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{name}"
    return {"TrainingJobName": name, "TrainingJobArn": arn, "Tags": [{"Key": "k", "Value": "v"}], **members}


@pytest.fixture(name="dumps", scope="module")
def _dumps(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("dumps")
    (folder / "jobs.json").write_bytes(orjson.dumps([job(letter, New=1) for letter in "abcdef"]))
    (folder / "more.json").write_bytes(orjson.dumps([job("a", LastModifiedTime=10)]))
    return [folder / "jobs.json", folder / "more.json"]


@pytest.fixture(name="store")
def _store(dumps: list[Path], tmp_path: Path) -> Path:
    for at, dump in enumerate(dumps):
        smsearch.build([dump], tmp_path / "store", add=at > 0)
    return tmp_path / "store"


@pytest.fixture(name="archive")
def _archive(dumps: list[Path], tmp_path: Path) -> Path:
    for at, dump in enumerate(dumps):
        smsearch.build_archive([dump], tmp_path / "archive", add=at > 0)
    return tmp_path / "archive"


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    """Fails what waits for ever, on a pipe, say."""

    def give_up(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def read(path: Path) -> dict[str, Any]:
    written: dict[str, Any] = orjson.loads(path.read_bytes().rsplit(b"\n", 2)[0])
    return written


def write(path: Path, members: object) -> None:
    """Writes a manifest with the checksum that is right for it."""
    body = orjson.dumps(members)
    path.write_bytes(body + b"\n%d\n" % zlib.crc32(body))


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every member and element."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield (*path, key)
        yield from places(member, (*path, key))


def changed(members: dict[str, Any], path: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> Any:  # noqa: ANN401
    whole = copy.deepcopy(members)
    inner: Any = whole
    for key in path[:-1]:
        inner = inner[key]
    change(inner, path[-1])
    return whole


def put(value: object, inner: Any, key: str | int) -> None:  # noqa: ANN401
    inner[key] = value


def problems_of(use: Callable[[], list[str]]) -> list[str]:
    try:
        return use()
    except StoreError as error:
        return [str(error)]


def uses_of_a_store(folder: Path) -> Iterator[Callable[[], list[str]]]:
    yield lambda: [str(smsearch.open(folder))]
    yield lambda: list(store_check.check(folder))
    yield lambda: [str(smsearch.build([], folder, add=True))]


@pytest.mark.parametrize("form", ["store", "archive"])
def test_a_missing_or_unknown_member_is_named(form: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(form)
    module = store_manifest if form == "store" else archive_manifest
    manifest = folder / module.MANIFEST
    members = read(manifest)
    free = {"accounts", "extras"}  # their members are the user's own
    fixed = [path for path in places(members) if isinstance(path[-1], str) and not free & set(path[:-1])]
    assert len(fixed) > 8
    for path in fixed:
        name = str(path[-1])
        write(manifest, changed(members, path, lambda inner, key: inner.pop(key)))
        with pytest.raises(StoreError, match=f"{name} is missing" if len(path) > 1 or name == "files" else "damaged"):
            module.read_manifest(folder)
        write(manifest, changed(members, path, lambda inner, key: inner.update({f"{key}2": inner[key]})))
        with pytest.raises(StoreError, match=f"{name}2 is not a member"):
            module.read_manifest(folder)


@pytest.mark.parametrize("form", ["store", "archive"])
def test_a_value_of_the_wrong_type_or_range_is_named_or_does_no_harm(form: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(form)
    module = store_manifest if form == "store" else archive_manifest
    manifest = folder / module.MANIFEST
    members = read(manifest)
    refused = 0
    for path in places(members):
        for value in WRONG_VALUES:
            write(manifest, changed(members, path, partial(put, value)))
            try:
                module.read_manifest(folder)
                if form == "store":
                    len(smsearch.open(folder).query("status Exists"))
                else:
                    list(archive_check.check(folder))
            except StoreError as error:
                assert "damaged" in str(error) or "format version" in str(error)  # noqa: PT017 - some values are fine
                refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/b", "..", ".", "", "x\x00", "segment-x.smseg", "manifest.json"]
)
def test_a_name_that_leads_elsewhere_is_refused(store: Path, archive: Path, name: str) -> None:
    for folder, module, listed, member in (
        (store, store_manifest, "segments", "file"),
        (store, store_manifest, "segments", "dead"),
        (archive, archive_manifest, "files", "file"),
    ):
        if member == "dead" and not name:
            continue  # no list at all, which the count contradicts: another test
        path = folder / module.MANIFEST
        members = read(path)
        lie = copy.deepcopy(members)
        lie[listed][0][member] = name
        write(path, lie)
        with pytest.raises(StoreError, match=re.escape(f"{listed}[0].{member}")):
            module.read_manifest(folder)
        write(path, members)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def link_to_the_same(path: Path) -> None:
    beside = path.parent.parent / "copy"
    path.symlink_to(beside if beside.exists() else path.parent.parent.parent / "copy")


def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS = (pipe, Path.mkdir, unix_socket, link_to_the_same, link_to_a_device)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [".smseg", ".rows", ".json"])
def test_what_is_no_regular_file_of_a_store_is_refused_by_name(
    store: Path, kind: Callable[[Path], None], suffix: str
) -> None:
    paths = (path for path in store.iterdir() if not path.name.startswith("report-"))  # those are read when asked for
    path = next(path for path in paths if path.suffix == suffix)
    shutil.copy(path, store.parent / "copy")
    path.unlink()
    kind(path)
    for use in uses_of_a_store(store):
        (problem,) = problems_of(use)
        assert "and not a file" in problem or "its manifest does not begin as that" in problem
    assert stat.S_IFMT(path.lstat().st_mode) != stat.S_IFREG


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_regular_file_of_an_archive_is_refused_by_name(
    archive: Path, kind: Callable[[Path], None], tmp_path: Path
) -> None:
    entry = archive_manifest.read_manifest(archive).files[0]
    path = archive / entry.file
    shutil.copy(path, archive.parent / "copy")
    path.unlink()
    kind(path)
    (problem,) = archive_check.check(archive)
    assert entry.file in problem
    assert "and not a file" in problem
    (tmp_path / "jobs.json").write_bytes(orjson.dumps([job("z")]))
    with pytest.raises(StoreError, match="and not a file"):
        smsearch.build_archive([tmp_path / "jobs.json"], archive, add=True)


def test_a_damaged_file_of_an_archive_is_named_by_an_addition(archive: Path, tmp_path: Path) -> None:
    entry = archive_manifest.read_manifest(archive).files[0]
    (tmp_path / "jobs.json").write_bytes(orjson.dumps([job("a", LastModifiedTime=20)]))
    whole = (archive / entry.file).read_bytes()
    for content in (bytes(len(whole)), whole[:4] + bytes(len(whole) // 2) + whole[len(whole) // 2 + 4 :]):
        (archive / entry.file).write_bytes(content)
        with pytest.raises(StoreError, match=re.escape(f"{entry.file} is damaged: ")):
            smsearch.build_archive([tmp_path / "jobs.json"], archive, add=True)


LIES: dict[str, object] = {
    "rows": 10**9,
    "accounts": {"111122223333": 1_000},
    "extras": {"Newer": ["Newer"]},
    "names": ["Tags.other"],
}
"""What could be so, and is not."""


@pytest.mark.parametrize("member", LIES)
def test_what_the_manifest_of_an_archive_says_of_rows_is_compared_with_them(archive: Path, member: str) -> None:
    members = read(archive / archive_manifest.MANIFEST)
    assert list(check_archive(archive)) == []
    for value in (LIES[member], type(LIES[member])()) if member != "rows" else (LIES[member],):
        members["files"][0][member] = value
        write(archive / archive_manifest.MANIFEST, members)
        (problem,) = check_archive(archive)
        assert problem.startswith(members["files"][0]["file"])


@pytest.mark.parametrize("change", ["rows", "size", "content"])
def test_held_snapshots_of_an_archive_are_checked(archive: Path, change: str, tmp_path: Path) -> None:
    summary = {name: value for name, value in job("b", CreationTime=1, LastModifiedTime=50).items() if name != "Tags"}
    (tmp_path / "list.json").write_bytes(orjson.dumps({"TrainingJobSummaries": [summary]}))
    smsearch.build_archive([tmp_path / "list.json"], archive, add=True)
    assert list(check_archive(archive)) == []
    members = read(archive / archive_manifest.MANIFEST)
    entry = members["held"][0]
    if change == "content":
        path = archive / entry["file"]
        path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    else:
        entry[change] += 1
        write(archive / archive_manifest.MANIFEST, members)
    (problem,) = check_archive(archive)
    assert problem.startswith(entry["file"])


def test_a_folder_of_an_archive_that_is_a_link_is_refused(archive: Path, tmp_path: Path) -> None:
    (archive / "TrainingJob").rename(tmp_path / "elsewhere")
    (archive / "TrainingJob").symlink_to(tmp_path / "elsewhere")
    (problem,) = archive_check.check(archive)
    assert "symbolic link" in problem


@pytest.mark.parametrize("content", ["cut", "empty", "longer", "nothing", "other", "descending", "beyond"])
def test_a_list_of_superseded_rows_is_as_long_and_as_the_manifest_says(store: Path, content: str) -> None:
    """The CRC-32 of no bytes is 0: a list cut to four zeros once brought superseded records back."""
    entry = next(entry for entry in store_manifest.read_manifest(store).segments if entry.dead)
    path = store / entry.dead
    raw = path.read_bytes()

    def sealed(rows: list[int]) -> bytes:
        body = b"".join(row.to_bytes(4, "little") for row in rows)
        return body + zlib.crc32(body).to_bytes(4, "little")

    dead = int.from_bytes(raw[:4], "little")
    path.write_bytes(
        {
            "cut": raw[:-1],
            "empty": bytes(4),
            "longer": sealed([dead, dead + 1]),
            "nothing": b"",
            "other": sealed([dead])[:-1] + b"\xff",
            "descending": sealed([dead + 1, dead]),
            "beyond": sealed([entry.rows]),
        }[content]
    )
    if content == "descending":
        lie = read(store / store_manifest.MANIFEST)
        next(one for one in lie["segments"] if one["dead"])["dead_rows"] = 2
        write(store / store_manifest.MANIFEST, lie)
    with pytest.raises(StoreError, match=entry.dead):
        smsearch.open(store)
    assert any(entry.dead in problem for problem in store_check.check(store))


def test_rows_that_the_manifest_counts_otherwise_are_refused(store: Path) -> None:
    lie = read(store / store_manifest.MANIFEST)
    lie["segments"][1]["rows"] += 1
    write(store / store_manifest.MANIFEST, lie)
    with pytest.raises(StoreError, match=r"its rows are 1, and the manifest says 2"):
        len(smsearch.open(store).query("status Exists"))
    assert list(store_check.check(store))


def test_a_list_of_rows_comes_back_as_it_was(store: Path) -> None:
    part = next(part for part in Store(store).parts if part.dead is not None)
    assert part.dead is not None
    assert write_deleted_rows(store, part.dead) == part.entry.dead
