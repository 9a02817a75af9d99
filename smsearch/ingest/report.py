"""What was read, and what was left out and why; it adds up.

Everything that was met in a file is a record or a problem, and every record is stored or superseded by another of the
same resource: `found == stored + superseded + skipped`. It knows no file format.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema import catalogue
from smsearch.store.build_reports import BuildReport, FileRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROBLEMS_KEPT: Final = 1_000
"""Problems of one file that are kept word for word; beyond, they are counted."""
PROBLEMS_SHOWN: Final = 10
MISREAD_SHOWN: Final = 5
FIELDS_SHOWN: Final = 8
PATHS_KEPT: Final = 1_000
"""Paths of members without records that are kept of one file; those of further paths are counted together."""


_FURTHER: Final = "(further paths)"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is no record, or a value of one that is left out.

    Attributes:
        line: Where the document that it is in begins; 0 for the file itself.
        reason: What is wrong with it.
    """

    line: int
    reason: str


@dataclass(slots=True)
class FileReport:
    """What one file held.

    Attributes:
        name: The file, as the user will recognise it.
        size: Its bytes on disk.
        records: Records read.
        skipped: What could not be read as a record.
        problems: The first of those, each with its line and reason.
        unrecognised: How many members of envelopes hold no record, by path; list positions are left out.
        prose: How many of what was skipped are lines that no document begins on.
        lines: Newlines read.
        is_lines: Whether no document took several lines, so that pieces between lines were read right.
        ignored: Why it is no export at all, or `""`; a folder may hold a table of contents.
        misread: How many values of its records cannot be read as their type, and are left out (row R13).
        misread_values: The first of those, each with the line of its record.
        short_name: The name that a store keeps: relative to the folder that was given.
        document: The line on which the document begins that is read element by element, or 0.
        before: The records, and what was skipped, before that document.
    """

    name: str
    size: int = 0
    records: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    unrecognised: Counter[str] = field(default_factory=Counter)
    prose: int = 0
    lines: int = 0
    is_lines: bool = True
    ignored: str = ""
    misread: int = 0
    misread_values: list[Problem] = field(default_factory=list)
    short_name: str = ""
    document: int = 0
    before: tuple[int, int] = (0, 0)

    def ignore(self) -> None:
        """Counts the file as no export: what was skipped in it were not records."""
        self.ignored = self.problems[0].reason if self.problems else "It is empty."
        self.skipped = 0
        self.problems.clear()

    def begin_document(self, line: int) -> None:
        """A document that is read element by element begins on a line; 0 if one begins that is read as a whole.

        The one before it is skipped if it held neither a record nor a problem.
        """
        if line == self.document:
            return
        if self.document and self.before == (self.records, self.skipped):
            self.skip(self.document, "It holds no record. A record has its own ARN or name, such as TrainingJobName.")
        self.document, self.before = line, (self.records, self.skipped)

    def skip(self, line: int, reason: str) -> None:
        """Counts something that is no record."""
        self.skipped += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem(line, reason))

    def leave(self, path: str, count: int = 1) -> None:
        """Counts a member of an envelope that holds no record."""
        is_kept = path in self.unrecognised or len(self.unrecognised) < PATHS_KEPT
        self.unrecognised[path if is_kept else _FURTHER] += count

    def leave_out(self, line: int, reason: str) -> None:
        """Counts a value that cannot be read as its type."""
        self.misread += 1
        if len(self.misread_values) < PROBLEMS_KEPT:
            self.misread_values.append(Problem(line, reason))

    def of_build(self) -> FileRead:
        """The file's part of the report as a store keeps it."""
        problems = (
            f"line {problem.line}: {problem.reason}" if problem.line else problem.reason
            for problem in (*self.problems, *self.misread_values)
        )
        return FileRead(
            file=self.short_name,
            size=self.size,
            records=self.records,
            skipped=self.skipped,
            misread=self.misread,
            ignored=self.ignored,
            problems=tuple(problems),
            unrecognised=dict(self.unrecognised),
        )

    def to_json(self) -> dict[str, Any]:
        """The file's part of the report as JSON-ready data."""
        counts = {"file": self.name, "bytes": self.size, "records": self.records, "skipped": self.skipped}
        unrecognised = {"unrecognised_members": dict(self.unrecognised)} if self.unrecognised else {}
        misread = {"misread": self.misread, "misread_values": _listed(self.misread_values)} if self.misread else {}
        ignored = {"ignored": self.ignored} if self.ignored else {}
        return {**counts, "problems": _listed(self.problems), **unrecognised, **misread, **ignored}


@dataclass(slots=True)
class Report:
    """What was read from all sources; filled while reading.

    Attributes:
        files: Every file, in the order in which it was read.
        superseded: Records that gave way to another of the same resource, or whose members are part of it now.
        kinds: How many records of each kind were read.
        naive_times: Times without an offset, taken as UTC.
        ambiguous_tags: Tags of one text with several colons, of which the first that may end a key was taken to.
        unknown_fields: How many records have each plain field that the service model does not know.
    """

    files: list[FileReport] = field(default_factory=list)
    superseded: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    naive_times: int = 0
    ambiguous_tags: int = 0
    unknown_fields: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """Records that were read."""
        return sum(file.records for file in self.files)

    @property
    def skipped(self) -> int:
        """What was met and is no record."""
        return sum(file.skipped for file in self.files)

    @property
    def misread(self) -> int:
        """Values that cannot be read as their type, and are left out of the records (row R13)."""
        return sum(file.misread for file in self.files)

    @property
    def found(self) -> int:
        """Everything that was met: stored, superseded and skipped."""
        return self.records + self.skipped

    @property
    def stored(self) -> int:
        """Records that are there to be searched."""
        return self.records - self.superseded

    def add(self, other: Report) -> None:
        """Takes over what another report of other files says."""
        self.files += other.files
        self.superseded += other.superseded
        self.kinds.update(other.kinds)
        self.naive_times += other.naive_times
        self.ambiguous_tags += other.ambiguous_tags
        self.unknown_fields.update(other.unknown_fields)

    def merge_files(self) -> None:
        """Makes one file of the pieces in which it was read, one after another."""
        merged: dict[str, FileReport] = {}
        for file in self.files:
            whole = merged.setdefault(file.name, FileReport(file.name, short_name=file.short_name))
            whole.size += file.size
            whole.records += file.records
            whole.skipped += file.skipped
            whole.ignored = file.ignored
            for path, count in file.unrecognised.items():
                whole.leave(path, count)
            whole.misread += file.misread
            _append(whole.problems, file.problems, whole.lines)
            _append(whole.misread_values, file.misread_values, whole.lines)
            whole.lines += file.lines
        self.files = list(merged.values())

    def to_json(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        counts = {"found": self.found, "stored": self.stored, "superseded": self.superseded, "skipped": self.skipped}
        return {
            **counts,
            "kinds": dict(self.kinds),
            "naive_times": self.naive_times,
            "ambiguous_tags": self.ambiguous_tags,
            "misread": self.misread,
            "unknown_fields": dict(self.unknown_fields),
            "files": [file.to_json() for file in self.files],
        }

    def of_build(self, finished: int = 0, *, is_addition: bool = False) -> BuildReport:
        """It as a store keeps it.

        Args:
            finished: When the build was done, in seconds since 1970.
            is_addition: Whether it added to a store.
        """
        return BuildReport(
            finished=finished,
            is_addition=is_addition,
            records=self.records,
            superseded=self.superseded,
            skipped=self.skipped,
            misread=self.misread,
            naive_times=self.naive_times,
            ambiguous_tags=self.ambiguous_tags,
            files_read=len(self.files),
            kinds=dict(self.kinds),
            unknown_fields=dict(self.unknown_fields),
            files=tuple(file.of_build() for file in self.files),
        )

    def to_text(self) -> str:
        """The report for a reader: the sum, then what deserves a look."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield (
            f"read {_count(len(self.files), 'file')}: {self.found:,} found = {self.stored:,} stored"
            f" + {self.superseded:,} superseded + {self.skipped:,} skipped"
        )
        yield from (f"  {count:,} {kind}{_note(kind)}" for kind, count in self.kinds.most_common())
        if self.naive_times:
            yield f"  {_count(self.naive_times, 'time')} without an offset taken as UTC"
        if self.ambiguous_tags:
            yield f"  {_count(self.ambiguous_tags, 'tag')} of several colons, taken to have a key without one"
        if self.unknown_fields:
            names = [f"{name} ({count:,})" for name, count in self.unknown_fields.most_common(FIELDS_SHOWN)]
            more = len(self.unknown_fields) - len(names)
            yield (
                "  fields that the service does not know: " + ", ".join(names) + (f", and {more} more" if more else "")
            )
        yield from _unrecognised(self.files)
        yield from self._misread_lines()
        yield from (f"  ignored {file.name}, which is no export: {file.ignored}" for file in self.files if file.ignored)
        shown = [(file.name, problem) for file in self.files for problem in file.problems]
        for name, problem in shown[:PROBLEMS_SHOWN]:
            yield f"  skipped {name}{f':{problem.line}' if problem.line else ''}: {problem.reason}"
        if self.skipped > PROBLEMS_SHOWN:
            yield f"  and {self.skipped - PROBLEMS_SHOWN:,} more; `--report json` has them all"

    def _misread_lines(self) -> Iterator[str]:
        if not self.misread:
            return
        yield f"  {_count(self.misread, 'value')} left out, which cannot be read as what the service has there:"
        values = [(file.name, value) for file in self.files for value in file.misread_values]
        yield from (
            f"    {name}{f':{value.line}' if value.line else ''}: {value.reason}"
            for name, value in values[:MISREAD_SHOWN]
        )
        if self.misread > MISREAD_SHOWN:
            yield f"    and {self.misread - MISREAD_SHOWN:,} more; `--report json` has the first of each file"


def _listed(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [{"line": problem.line, "reason": problem.reason} for problem in problems]


def _append(whole: list[Problem], piece: list[Problem], lines: int) -> None:
    """Adds the problems of a piece of a file, before which so many lines stand; not more than are kept of a file."""
    added = piece[: PROBLEMS_KEPT - len(whole)]
    whole += [Problem(problem.line and problem.line + lines, problem.reason) for problem in added]


def _unrecognised(files: list[FileReport]) -> Iterator[str]:
    """The members that hold no record, of all files together."""
    paths: Counter[str] = Counter()
    for file in files:
        paths.update(file.unrecognised)
    if paths:
        names = [f"{path} ({count:,})" for path, count in paths.most_common(FIELDS_SHOWN)]
        more = len(paths) - len(names)
        yield "  members that hold no record: " + ", ".join(names) + (f", and {more} more" if more else "")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _note(kind: str) -> str:
    return "" if catalogue.resource(kind).searchable else " (the service's Search does not know the kind)"
