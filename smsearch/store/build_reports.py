"""The reports of a store's builds: writer, reader and check of that structure.

Each build leaves one file, `report-<digest>.json`: a line of JSON and a line with its checksum, as a manifest has them.
An addition adds its own and keeps those before. So that a store does not grow with what was wrong with its exports, the
oldest reports go, and of a report what stands for many files or sentences; its counts are always whole. Nothing of it
is read until someone wants to see it. This module knows no export.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from smsearch import durable, sealed
from smsearch.errors import StoreError
from smsearch.frozen import replace
from smsearch.orjson_later import orjson
from smsearch.regular import open_within
from smsearch.store.footer import AGAIN, damaged
from smsearch.store.manifest import FORMAT_VERSION, TIME_MAX, ReportEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from smsearch.regular import StrPath

BUILDS_KEPT: Final = 100
"""Reports of one store; the oldest go first."""
FILES_KEPT: Final = 1_000
"""Files of one report: those with something to say first, else in the order in which they were read."""
PROBLEMS_KEPT: Final = 1_000
"""Sentences of one report, over all of its files; beyond, they are counted with their file."""
NAMES_KEPT: Final = 200
"""Unknown fields, and paths of members without records, of one report or file; those that most records have."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one file held.

    Attributes:
        file: Its name, relative to the folder that was given.
        size: Its bytes on disk.
        records: Records read.
        skipped: What could not be read as a record.
        misread: Values of its records that cannot be read as their type, and are left out.
        ignored: Why it is no export at all, or `""`.
        problems: The first of what was skipped and misread, each a sentence, with its line before it if it has one.
        unrecognised: How many members of envelopes hold no record, by path.
    """

    file: str
    size: int
    records: int
    skipped: int
    misread: int
    ignored: str
    problems: tuple[str, ...]
    unrecognised: dict[str, int]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one build, or one reading of exports, read; `records + skipped` is everything that was met.

    Attributes:
        finished: When the build was done, in seconds since 1970; 0 of records in memory.
        is_addition: Whether it added to a store.
        records: Records read.
        superseded: How many of them are no record by themselves: they gave way to another, or add to one.
        skipped: What was met and is no record.
        misread: Values that cannot be read as their type, and are left out.
        naive_times: Times without an offset, taken as UTC.
        ambiguous_tags: Tags of one text in which the key may end at several colons.
        files_read: How many files were read.
        kinds: How many records of each kind were read.
        unknown_fields: How many records have each field that the service model does not know.
        files: What the files held; not all, if there are many.
    """

    finished: int
    is_addition: bool
    records: int
    superseded: int
    skipped: int
    misread: int
    naive_times: int
    ambiguous_tags: int
    files_read: int
    kinds: dict[str, int]
    unknown_fields: dict[str, int]
    files: tuple[FileRead, ...]

    def to_json(self) -> dict[str, Any]:
        """It as JSON-ready data."""
        return asdict(self)


def bounded(report: BuildReport) -> BuildReport:
    """A report of at most so many files, sentences and names as a store keeps."""
    order = sorted(report.files, key=lambda one: not (one.skipped or one.misread or one.ignored or one.unrecognised))
    remaining = PROBLEMS_KEPT
    files = []
    for file in order[:FILES_KEPT]:
        problems = file.problems[:remaining]
        remaining -= len(problems)
        files.append(replace(file, problems=problems, unrecognised=_most(file.unrecognised)))
    return replace(report, files=tuple(files), unknown_fields=_most(report.unknown_fields))


def _most(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: -one[1])[:NAMES_KEPT])


def write(folder: Path, report: BuildReport, before: Sequence[ReportEntry] = ()) -> tuple[ReportEntry, ...]:
    """Writes the report of a build, bounded; returns what the manifest says of it and of those before.

    Args:
        folder: The store.
        report: The report.
        before: The reports of the builds that it adds to, oldest first.
    """
    body = orjson.dumps({"smsearch": FORMAT_VERSION, **bounded(report).to_json()})
    salt = "".join(entry.file for entry in before).encode()  # the same may be added twice in a second
    name = f"report-{hashlib.blake2b(salt + body, digest_size=8).hexdigest()}.json"
    with durable.create(folder / name) as file:
        file.write(body + b"\n%d\n" % zlib.crc32(body))
        durable.sync(file)
        return (*before, ReportEntry(name, file.tell()))[-BUILDS_KEPT:]


def read(folder: StrPath, entry: ReportEntry) -> BuildReport:
    """The report of a build.

    Raises:
        StoreError: It is missing, because a build after the store was opened removed it, or it is damaged.
    """
    try:
        with open_within(folder, entry.file) as file:
            # A manifest may say any number; so many bytes are read as are there.
            raw = file.read() if os.fstat(file.fileno()).st_size == entry.size else b""
    except OSError as error:
        raise StoreError(f"{entry.file} cannot be read: {error.strerror}.", hint=AGAIN) from None
    if len(raw) != entry.size:
        raise damaged(entry.file, f"it does not have the {entry.size:,} bytes that the manifest says")
    members = sealed.parse(raw, entry.file, "smsearch", (FORMAT_VERSION,), AGAIN)
    members.only(("smsearch", *(field.name for field in fields(BuildReport))))
    members.count("finished", 0, TIME_MAX)
    return BuildReport(**members.fields_of(BuildReport), files=tuple(map(_file, members.objects("files"))))


def _file(members: sealed.Members) -> FileRead:
    members.only([field.name for field in fields(FileRead)])
    return FileRead(**members.fields_of(FileRead))


def check(folder: Path, entries: Sequence[ReportEntry]) -> Iterator[str]:
    """What is wrong with the reports of a store, a sentence each, with the file's name."""
    for entry in entries:
        try:
            report = read(folder, entry)
        except StoreError as error:
            yield str(error)
            continue
        if report.records != sum(report.kinds.values()) or report.superseded > report.records:
            yield f"{entry.file}: its counts do not add up."
        elif len(report.files) != min(report.files_read, FILES_KEPT):
            yield f"{entry.file}: it tells of {len(report.files):,} files of {report.files_read:,}."
