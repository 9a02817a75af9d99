"""The manifest of a store: which segments it consists of.

It is written beside the old one and renamed over it, so a store is always the old one or the new one, never a half.
This module reads and writes that one file; it opens no segment, and the writer's lock is `occupied.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch import occupied, sealed, small_json
from smsearch.blake2 import blake2b
from smsearch.frozen import field, field_values, frozen
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.regular import StrPath

FORMAT_VERSION: Final = 3
COMPRESSED_VERSION: Final = 4
"""The version of a store in which documents may be compressed: who reads only the other one refuses it by name."""
MANIFEST: Final = "manifest.json"
SEGMENT_NAME: Final = r"segment-[0-9a-f]{24}\.smseg"
HELD_NAME: Final = r"held-[0-9a-f]{24}\.smseg"
REPORT_NAME: Final = r"report-[0-9a-f]{16}\.json"
DEAD_NAME: Final = r"dead-[0-9a-f]{16}\.rows"
COUNTS_NAME: Final = r"counts-[0-9a-f]{16}\.rows"
ROWS_MAX: Final = (1 << 32) - 2
"""Row ids are `uint32`, and one value stands for no row."""
TIME_MAX: Final = 253_402_300_799
"""The last second of the year 9999."""
_HEAD: Final = b'{"smsearch":'
_AGAIN: Final = "Restore it, or index the exports again with `smsearch index`."


@frozen
class SegmentEntry:
    """A segment as the manifest lists it.

    Attributes:
        file: Its name in the store's folder.
        resource: What its records are.
        rows: How many records it holds, superseded ones included.
        size: Its length in bytes.
        dead: The file that lists the rows that newer segments supersede, or `""`.
        dead_rows: How many there are.
        counts: The file that says how many snapshots stand behind rows (`counts.py`), or `""`.
        counted_rows: Of how many rows it says so.
    """

    file: str
    resource: str
    rows: int
    size: int
    dead: str = ""
    dead_rows: int = 0
    counts: str = ""
    counted_rows: int = 0


@frozen
class RetiredFile:
    """A file that the store no longer consists of, and that is kept for those who still read it.

    Attributes:
        file: Its name in the store's folder.
        size: Its length in bytes.
        replaced: When another manifest took its place, in seconds since 1970.
    """

    file: str
    size: int
    replaced: int


@frozen
class ReportEntry:
    """The report of a build (`build_reports.py`).

    Attributes:
        file: Its name in the store's folder.
        size: Its length in bytes.
    """

    file: str
    size: int


@frozen
class Manifest:
    """What a store is.

    Attributes:
        segments: Its segments, oldest first.
        accounts: How many records each account has; those without an ARN count under `""`.
        retired: Files of earlier manifests that are kept for a while (`retention.py`).
        held: The files of held snapshots, which no search reads: what a later addition may need (row D3).
        next_number: The number of the next record to arrive.
        reports: The reports of its builds, oldest first.
        version: The format's version.
    """

    segments: tuple[SegmentEntry, ...] = ()
    accounts: dict[str, int] = field(default_factory=dict)
    retired: tuple[RetiredFile, ...] = ()
    held: tuple[SegmentEntry, ...] = ()
    next_number: int = 0
    reports: tuple[ReportEntry, ...] = ()
    version: int = FORMAT_VERSION

    @property
    def is_compressed(self) -> bool:
        """Whether its segments may have compressed documents."""
        return self.version == COMPRESSED_VERSION

    @property
    def snapshot(self) -> str:
        """A name for the content: two stores of the same segments have the same one."""
        listed = small_json.dumps_compact([[entry.file, entry.dead] for entry in self.segments])
        return blake2b(listed.encode(), digest_size=16).hexdigest()

    def files(self) -> dict[str, int]:
        """The files that the store consists of, and the length of each in bytes."""
        entries = (*self.segments, *self.held)
        lists = {entry.dead: dead_size(entry.dead_rows) for entry in entries if entry.dead}
        lists |= {entry.counts: counts_size(entry.counted_rows) for entry in entries if entry.counts}
        reports = {entry.file: entry.size for entry in self.reports}
        return {entry.file: entry.size for entry in entries} | lists | reports


def dead_size(dead_rows: int) -> int:
    """The length in bytes of a list of superseded rows: a `uint32` each, and a checksum."""
    return 4 * dead_rows + 4


def counts_size(counted_rows: int) -> int:
    """The length in bytes of the counts of some rows: three `uint32` each, and a checksum."""
    return 12 * counted_rows + 4


def is_store(path: StrPath) -> bool:
    """Whether a folder holds a store's manifest."""
    return sealed.begins(f"{path}/{MANIFEST}", _HEAD)


def mark(folder: Path) -> tuple[int, ...] | None:
    """What tells the manifest that is there from another one, without reading it; None if there is none."""
    try:
        status = (folder / MANIFEST).stat()
    except OSError:
        return None
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def read_manifest(folder: StrPath) -> Manifest:
    """The manifest of a store.

    Raises:
        StoreError: There is no store, it is unfinished or of another version, or its manifest is damaged or does not
            hold what it should.
    """
    raw = occupied.manifest_of(folder, MANIFEST, "a store", "Make one with `smsearch index`.")
    members = sealed.parse(raw, f"{folder}/{MANIFEST}", "smsearch", (FORMAT_VERSION, COMPRESSED_VERSION), _AGAIN)
    members.only(("smsearch", "segments", "accounts", "retired", "held", "next_number", "reports"))
    segments = tuple(_segment(entry, SEGMENT_NAME) for entry in members.objects("segments"))
    held = tuple(_segment(entry, HELD_NAME) for entry in members.objects("held"))
    for name, entries in (("segments", segments), ("held", held)):
        if len({entry.file for entry in entries}) != len(entries):
            raise members.refused(name, "names a file twice")
    retired = tuple(_retired(entry) for entry in members.objects("retired"))
    reports = tuple(_report(entry) for entry in members.objects("reports"))
    accounts, next_number = members.counts("accounts"), members.count("next_number")
    return Manifest(segments, accounts, retired, held, next_number, reports, members.count("smsearch"))


def _segment(members: sealed.Members, name: str) -> SegmentEntry:
    members.only(("file", "resource", "rows", "size", "dead", "dead_rows", "counts", "counted_rows"))
    rows = members.count("rows", 1, ROWS_MAX)
    entry = SegmentEntry(
        members.text("file", name, f"a name like {name}"),
        members.one_of("resource", catalogue.kinds(), "a kind of record"),
        rows,
        members.count("size", 1),
        members.text("dead", f"(?:{DEAD_NAME})?", "the name of a list of superseded rows"),
        members.count("dead_rows", 0, rows),
        members.text("counts", f"(?:{COUNTS_NAME})?", "the name of a file of counts"),
        members.count("counted_rows", 0, rows),
    )
    if bool(entry.dead) != bool(entry.dead_rows):
        raise members.refused("dead_rows", f"is {entry.dead_rows} and dead is {entry.dead!r}")
    if bool(entry.counts) != bool(entry.counted_rows):
        raise members.refused("counted_rows", f"is {entry.counted_rows} and counts is {entry.counts!r}")
    return entry


def _report(members: sealed.Members) -> ReportEntry:
    members.only(("file", "size"))
    return ReportEntry(members.text("file", REPORT_NAME, f"a name like {REPORT_NAME}"), members.count("size", 1))


def _retired(members: sealed.Members) -> RetiredFile:
    members.only(("file", "size", "replaced"))
    names = f"{SEGMENT_NAME}|{HELD_NAME}|{DEAD_NAME}|{COUNTS_NAME}|{REPORT_NAME}"
    name = members.text("file", f"(?:{names})", "the name of a file of a store")
    return RetiredFile(name, members.count("size"), members.count("replaced", 0, TIME_MAX))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes a manifest the store's, at once or not at all."""
    written = {
        "smsearch": manifest.version,
        "segments": [field_values(entry) for entry in manifest.segments],
        "accounts": manifest.accounts,
        "retired": [field_values(file) for file in manifest.retired],
        "held": [field_values(entry) for entry in manifest.held],
        "next_number": manifest.next_number,
        "reports": [field_values(entry) for entry in manifest.reports],
    }
    sealed.replace(folder / MANIFEST, written)
