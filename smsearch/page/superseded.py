"""What else was read of a record: snapshots that it superseded or that add to it, and what they say otherwise.

Sources keep few of them: an engine gives those that it still has (`Engine.snapshots`), and of all others the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.page.cells import kind_text
from smsearch.reasons.difference import changes
from smsearch.schema import values
from smsearch.schema.origin import record_source

if TYPE_CHECKING:
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

SNAPSHOTS_SHOWN: Final = 10
CHANGES_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class SnapshotChange:
    """A property that a snapshot has otherwise than the record: what it said, and what the record says."""

    path: str
    said: str
    says: str


@dataclass(frozen=True, slots=True)
class OtherSnapshot:
    """Another snapshot of a record.

    Attributes:
        source: Where it was read.
        modified: Its LastModifiedTime, or `""`.
        is_summary: Whether it leaves members out, so that those are no difference.
        changes: The first properties that it has otherwise.
        number: How many there are.
    """

    source: str
    modified: str
    is_summary: bool
    changes: tuple[SnapshotChange, ...]
    number: int


@dataclass(frozen=True, slots=True)
class SupersededSnapshots:
    """What is known of the other snapshots of a record.

    Attributes:
        shown: Those that the source still has, newest arrival first, at most `SNAPSHOTS_SHOWN`.
        kept: How many it still has.
        gone: Of how many it knows nothing but that they were read.
    """

    shown: tuple[OtherSnapshot, ...]
    kept: int
    gone: int


def superseded_snapshots(searcher: Searcher, record: Record, name: str, source: RecordSource) -> SupersededSnapshots:
    """What is known of the other snapshots of the first record that has a name or ARN.

    Args:
        searcher: The searcher.
        record: The record.
        name: The name or ARN.
        source: Where the record was read, with the number of its other snapshots.
    """
    if not source.superseded:
        return SupersededSnapshots((), 0, 0)
    every = searcher.engine.snapshots(record.resource, name)
    snapshots = every[0] if every else ()
    others = [one for one in snapshots if _place(one) != _place_of(source)]  # what others add to is the record itself
    shown = tuple(_shown(one, record) for one in others[::-1][:SNAPSHOTS_SHOWN])
    return SupersededSnapshots(shown, len(others), max(source.superseded - len(others), 0))


def _place(snapshot: Record) -> tuple[str, int, str]:
    return _place_of(record_source(snapshot.origin, 0))


def _place_of(source: RecordSource) -> tuple[str, int, str]:
    return source.file, source.line, source.path


def _shown(snapshot: Record, record: Record) -> OtherSnapshot:
    every = [change for change in changes(snapshot, record) if not snapshot.is_partial or change.left is not None]
    first = (
        SnapshotChange(one.path, kind_text(one.left, one.kind), kind_text(one.right, one.kind))
        for one in every[:CHANGES_SHOWN]
    )
    modified = "" if snapshot.modified is None else f"{values.datetime_of(snapshot.modified):%Y-%m-%d %H:%M:%S}"
    return OtherSnapshot(
        str(record_source(snapshot.origin, 0)), modified, snapshot.is_partial, tuple(first), len(every)
    )
