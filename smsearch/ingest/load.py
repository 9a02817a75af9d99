"""Reads records: from exports on disk, and from objects in memory.

The entry points of this package. The report counts everything that is read. The caller decides which of two records of
one resource is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING

import orjson

from smsearch.errors import ExportError
from smsearch.ingest import documents, sources
from smsearch.ingest.ahead import Ahead
from smsearch.ingest.completion import completed
from smsearch.ingest.lines import Lines
from smsearch.ingest.normalise import Notes, normalise
from smsearch.ingest.progress import ignore, sum_of_advances
from smsearch.ingest.recognition import Recognised, Unrecognised, text_of
from smsearch.ingest.report import FileReport
from smsearch.ingest.shapes import recognise
from smsearch.messages import is_unicode
from smsearch.schema.origin import NOWHERE, Origin

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator

    from smsearch.ingest.ahead import Taker
    from smsearch.ingest.progress import Advance, Progress
    from smsearch.ingest.recognition import Path
    from smsearch.ingest.report import Report
    from smsearch.ingest.sources import SourceFile
    from smsearch.schema.record import Record


def read(names: Iterable[str], report: Report, progress: Progress | None = None) -> Iterator[Record]:
    """The records of all sources, one after another.

    Args:
        names: Files, folders, globs, `-`.
        report: Is told of every file, record and problem.
        progress: Is told how many bytes were read, and of how many.

    Raises:
        ExportError: A source that is not there or cannot be opened at all.
    """
    files = sources.find(names)  # at once: what is not there is an error before the first record
    advance = sum_of_advances(progress, sum(file.size for file in files))
    return chain.from_iterable(from_source(file, report, advance) for file in files)


def from_source(
    source: SourceFile, report: Report, advance: Advance = ignore, taker: Taker | None = None
) -> Iterator[Record]:
    """The records of one file; what is cut or damaged in it is reported, after the records before.

    Args:
        source: The file.
        report: Is told of it.
        advance: Is given the bytes of every read from disk.
        taker: As for `from_stream`.
    """
    file = FileReport(source.name, source.size, short_name=source.short_name)
    report.files.append(file)
    if source.problem:
        file.skip(0, source.problem)
        return
    try:
        stream = sources.open_source(source, advance)
    except ExportError as error:
        file.skip(0, error.message)
        return
    except OSError as error:
        file.skip(0, f"It cannot be read: {error}.")
        return
    with stream:
        yield from from_stream(stream, file, report, taker)
    if not source.is_named and not file.records and file.skipped == file.prose:
        file.ignore()


def from_stream(
    stream: io.BufferedReader, file: FileReport, report: Report, taker: Taker | None = None
) -> Iterator[Record]:
    """The records of a stream of documents.

    Args:
        stream: The stream.
        file: Is told of every record and problem.
        report: Is told of every record.
        taker: May take records before they are parsed. They are counted, and not among those that are returned.
    """
    notes = Notes()
    lines = Lines(stream, documents.LINE_BYTES)
    ahead = None if taker is None else Ahead(taker, file, report)
    for element in documents.split(lines, ahead):
        file.begin_document(element.document)
        if element.problem:
            file.skip(element.line, element.problem)
            file.prose += element.is_prose
            continue
        start = Origin(file.short_name, element.document or element.line, ())
        for record in _records(element.value, element.path, notes, start):
            if isinstance(record, ExportError):
                file.skip(element.line, str(record))
            elif isinstance(record, Unrecognised):
                file.leave(text_of(record.path))
            else:
                _count(record, file, report, notes, element.line)
                yield record
    file.begin_document(0)
    file.lines = lines.number - 1
    file.is_lines = lines.are_documents
    report.naive_times += notes.naive_times
    report.ambiguous_tags += notes.ambiguous_tags


def _records(value: object, path: Path, notes: Notes, start: Origin) -> Iterator[Record | ExportError | Unrecognised]:
    """The records in a document, an error in the place of each that is none, and the members that hold none.

    Args:
        value: The document, or an element of one.
        path: What leads to it in that document.
        notes: Counts what is met.
        start: Where the document begins.
    """
    for outcome in recognise(value, path):
        if not isinstance(outcome, Recognised):
            yield outcome
            continue
        try:
            members, is_summary = completed(outcome.kind, outcome.members)
            origin = start._replace(path=start.path + outcome.path) if outcome.path else start
            record = normalise(outcome.kind, members, notes, is_partial=outcome.is_partial or is_summary, origin=origin)
        except ExportError as error:
            yield error
        else:
            yield record


def _count(record: Record, file: FileReport, report: Report, notes: Notes, line: int = 0) -> None:
    """Counts a record that was read a moment ago; `notes` still tell of it."""
    file.records += 1
    report.kinds[record.resource] += 1
    for misread in notes.misread:
        file.leave_out(line, f"{record.resource} {record.name or record.arn}: {misread}")
    if record.extras:
        report.unknown_fields.update(".".join(path) for path in record.extras)


def from_objects(objects: Iterable[object], report: Report) -> Iterator[Record]:
    """The records in some objects: Describe responses, results of Search, or whole responses.

    Raises:
        ExportError: An object that is no record; it says which.
    """
    file = FileReport("records in memory")
    report.files.append(file)
    notes = Notes()
    for index, value in enumerate(objects):
        members = dict(value) if isinstance(value, Mapping) else value
        try:
            for record in _records(members, (), notes, NOWHERE._replace(path=(index,))):
                if isinstance(record, Unrecognised):
                    file.leave(text_of(record.path))
                    continue
                if isinstance(record, ExportError):
                    message = f"Record {index} cannot be taken: {record.message}"
                    raise ExportError(message, hint=record.hint)
                if _holds_half_a_pair(record.document) or _holds_half_a_pair(record.exported):
                    message = f"Record {index} cannot be taken: a text holds half a surrogate pair."
                    raise ExportError(message, hint="UTF-8 cannot hold it; repair the text.")
                _count(record, file, report, notes)
                yield record
        except RecursionError:
            message = f"Record {index} cannot be taken: it is nested too deep, or holds itself."
            raise ExportError(message, hint="Export it as JSON first.") from None
    report.naive_times += notes.naive_times
    report.ambiguous_tags += notes.ambiguous_tags


def of_kind(kind: str, members: Mapping[str, object], report: Report, *, is_partial: bool = False) -> Record:
    """A record of a kind that the caller knows, whatever its members look like; the report counts it.

    Raises:
        ExportError: It has neither ARN nor name, or holds what JSON cannot say.
    """
    file = FileReport("records in memory")
    report.files.append(file)
    notes = Notes()
    completed_members, _ = completed(kind, members)
    record = normalise(kind, completed_members, notes, is_partial=is_partial)
    _count(record, file, report, notes)
    return record


def _holds_half_a_pair(document: object) -> bool:
    """Whether a text or a key is none that UTF-8 can hold, which no file can bring; orjson looks faster than a walk."""
    try:
        orjson.dumps(document)
    except orjson.JSONEncodeError:
        return any(not is_unicode(text) for text in _texts(document))
    return False


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)
