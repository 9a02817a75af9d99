"""Checks a store against its own documents: each is flattened again, and every column compared.

A segment is written anew from its documents, into a folder of its own that is removed, and the two are compared array
by array. It knows neither columns nor what they mean: what writing gives is what should be there.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from smsearch.ingest import snapshots
from smsearch.ingest.normalise import Notes, normalise
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.segments import write_segment
from smsearch.ingest.workers import Inline
from smsearch.schema import notation
from smsearch.store import check
from smsearch.store.address import ROOT, table_key
from smsearch.store.identities import digest, joined
from smsearch.store.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.ingest.runs import Run
    from smsearch.schema.record import Record
    from smsearch.store.segment_reader import SegmentReader

_NOT_TOLD: Final = frozenset({"full", "derived", "numbers", "documents", "checksums", "dictionary", "contents"})
"""Arrays of the records that flattening does not tell: which are summaries, which were made of several snapshots, when
each came, and how its document is spelled, which is compared with its digest; checksums are compared by `check`."""
_ROWS_AT_ONCE: Final = 1_000


def recheck(folder: Path) -> Iterator[str]:
    """What is wrong with a store, as `store/check.py` finds it, and where it differs from its own documents.

    It needs room for the largest segment where temporary files are kept, and takes as long as building the store.

    Raises:
        StoreError: There is no store, or its manifest cannot be read.
    """
    problems = list(check.check(folder))
    yield from problems
    _, parts, held, _ = check.opened(folder)
    for some, differences in ((parts, _of_segment), (held, _of_held)):
        for part in some:
            if any(problem.startswith(part.entry.file) for problem in problems):
                continue  # what is wrong with it has been said
            with TemporaryDirectory(prefix="smsearch-check-") as name:
                compare = partial(differences, part, Path(name))
                yield from (f"{part.entry.file}: {problem}" for problem in check.guarded(compare, "a document"))


def _of_segment(part: SegmentReader, working: Path) -> Iterator[str]:
    """Where a segment differs from the one that its documents make."""
    runs = _flattened(part, working)
    yield from _spelled(part)
    write_segment(runs, [np.ones(len(run.lengths), bool) for run in runs], working / "segment", Inline())
    yield from _compared(part.segment, Segment(working / "segment"))


def _of_held(part: SegmentReader, working: Path) -> Iterator[str]:
    """Where what tells held snapshots apart differs from what their documents say."""
    yield from _spelled(part)
    expected = joined([run.identities for run in _flattened(part, working)]).arrays()
    stored = {name: getattr(part.identities, name) for name in expected}
    for name in sorted(set(_different(_told(stored), _told(expected), ""))):
        yield f"{name} is not what the documents say."


def _spelled(part: SegmentReader) -> Iterator[str]:
    """Documents that are not those whose digests tell snapshots apart; what several made has the digest of them all."""
    derived, contents = part.identities.derived, part.identities.contents
    for start in range(0, part.entry.rows, _ROWS_AT_ONCE):
        rows = np.arange(start, min(start + _ROWS_AT_ONCE, part.entry.rows))
        exported = part.exported(rows)
        for at, document in enumerate(part.documents(rows)):
            expected = contents[start + at].tobytes()
            if not derived[start + at] and digest(document + b"," + exported.get(at, b"")) != expected:
                yield f"the document of row {start + at} is not that of its digest."
                return


def _flattened(part: SegmentReader, working: Path) -> list[Run]:
    """The records of a file as runs, in their order."""
    writer = RunWriter(part.entry.resource, working, "run")
    for record in snapshots.records(part, np.ones(part.entry.rows, dtype=bool)):
        writer.add(_as_exported(record) if record.exported else record)
    writer.spill()
    return writer.runs


def _as_exported(record: Record) -> Record:
    """A record read again from what its export had in other types than the service model's (row R13).

    Where that says the same, it is the record itself: JSON spells an infinity as a text, which is of no other type.
    """
    members = record.document | dict(record.exported)
    again = normalise(record.resource, members, Notes(), is_partial=record.is_partial, origin=record.origin)
    return record if _said(again) == _said(record) else again


def _said(record: Record) -> bytes:
    """A record's document in one spelling: NaN is itself there, and the order of members is none."""
    return orjson.dumps(notation.document(record, notation.WIRE), option=orjson.OPT_SORT_KEYS)


def _compared(stored: Segment, expected: Segment) -> Iterator[str]:
    """Where a segment differs from the one that its documents make; a list without elements is the same as none."""
    entries, expected_entries = _entries(stored), _entries(expected)
    for key in sorted(entries.keys() | expected_entries.keys()):
        entry, expected_entry = entries.get(key), expected_entries.get(key)
        if expected_entry is None:
            yield f"{_named(key)} is of no document."
        elif entry is None:
            yield f"{_named(key)} is missing, and documents have it."
        else:
            names = sorted(set(_different(entry, expected_entry, "")))
            if names:
                yield f"{_named(key)} is not what the documents say: {', '.join(names)}."


def _entries(segment: Segment) -> dict[str, Any]:
    """The directory of a segment, with its arrays in the place of references to them."""
    entries = {key: _resolved(segment, segment.entry(key)) for key in segment.every_key()}
    entries[table_key(ROOT)] = _told(entries[table_key(ROOT)])
    return {key: entry for key, entry in entries.items() if entry.get("rows") != 0}


def _told(records: dict[str, Any]) -> dict[str, Any]:
    """The arrays of the records' table that documents tell."""
    return {
        name: value.reshape(-1) if isinstance(value, np.ndarray) else value
        for name, value in records.items()
        if name not in _NOT_TOLD
    }


def _named(key: str) -> str:
    if key.startswith(table_key(ROOT)):
        path = key.removeprefix(table_key(ROOT))
        return f"table {path!r}" if path else "the table of records"
    table, _, column = key[1:].partition("\x1e")
    return f"column {column!r} of table {table!r}"


def _resolved(segment: Segment, value: Any) -> Any:  # noqa: ANN401 - any JSON value, and arrays
    match value:
        case [int(), int(), str()]:
            return segment.array(value).whole()
        case dict():
            return {name: _resolved(segment, member) for name, member in value.items()}
        case list():
            return [_resolved(segment, member) for member in value]
        case _:
            return value


def _different(stored: Any, expected: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value, and arrays
    """The paths of the members that differ."""
    if isinstance(stored, np.ndarray) and isinstance(expected, np.ndarray):
        if stored.dtype != expected.dtype or stored.tobytes() != expected.tobytes():
            yield path
    elif isinstance(stored, dict) and isinstance(expected, dict):
        for name in stored.keys() | expected.keys():
            yield from _different(stored.get(name), expected.get(name), f"{path}.{name}".strip("."))
    elif isinstance(stored, list) and isinstance(expected, list) and len(stored) == len(expected):
        for one, other in zip(stored, expected, strict=True):
            yield from _different(one, other, path)
    elif type(stored) is not type(expected) or stored != expected:
        yield path
