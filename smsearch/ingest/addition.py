"""Writes the records of one resource into a store: those just read, beside or in the place of those that are there.

What each row becomes is decided before (`resolution.py`). A segment that loses records gets a list of its superseded
rows, or is written anew when it has lost many. Nothing of the old store is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.ingest import held, resolution
from smsearch.ingest.classes import Role
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.segments import in_time_slices, write_segment
from smsearch.ingest.stored import SpilledSnapshots, StoredSnapshots, living, records
from smsearch.schema import catalogue
from smsearch.schema.arns import account_of
from smsearch.store import store
from smsearch.store.address import PIECE
from smsearch.store.manifest import SegmentEntry
from smsearch.store.segment import Segment

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.runs import Run
    from smsearch.ingest.sources import Told
    from smsearch.ingest.workers import Pool
    from smsearch.store.store import SegmentReader

    Mask = NDArray[np.bool_]

SEGMENT_ROWS_MAX: Final = 2_000_000
"""Records of one segment: a build's memory grows with the columns of one, some 1.5 GB for these."""
SMALL_SEGMENTS_MAX: Final = 8
"""Segments of one resource, of less than half that size, beyond which an addition writes them as one."""
DEAD_SHARE: Final = 4
"""A segment of which more than one record in this many is superseded is written anew by the next addition."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a store has of one resource: its segments, and its files of held snapshots."""

    parts: list[SegmentReader]
    held: list[SegmentReader]


@dataclass(frozen=True, slots=True)
class Written:
    """What a store has of one resource afterwards.

    Attributes:
        segments: Its segments.
        held: Its files of held snapshots.
        superseded: How many of the records just read are no records, or only add to one.
        next_number: The number of the next record to arrive: a record that says nothing new has not taken one.
    """

    segments: list[SegmentEntry]
    held: list[SegmentEntry]
    superseded: int
    next_number: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is written: its folder, where runs are spilled, who lays out the columns, and who is told."""

    folder: Path
    working: Path
    pool: Pool
    told: Told


def write_resource(
    resource: str, runs: list[Run], content: Content, accounts: Counter[str], first: int, place: Place
) -> Written:
    """Writes the segments and held snapshots of one resource.

    Args:
        resource: Its name.
        runs: The records just read, in their order.
        content: What the store has of it.
        accounts: How many records each account has; brought up to date.
        first: The number of the first record just read, in the order of arrival.
        place: Where to write.
    """
    runs = _numbered(runs, first)
    parts = [StoredSnapshots(part) for part in content.parts]
    holding = [StoredSnapshots(part) for part in content.held]
    spilled = [SpilledSnapshots(resource, run.path, run.lengths, run.identities, _exported_of(run)) for run in runs]
    before = [living(part).astype(np.uint8) * np.uint8(Role.LIVE) for part in content.parts]
    before += [np.full(len(one.identities), Role.HELD, np.uint8) for one in holding]
    before += [np.full(len(one.identities), Role.NEW, np.uint8) for one in spilled]
    maker = RunWriter(resource, place.working, "made")
    decided = resolution.resolve([*parts, *holding, *spilled], before, maker.add)
    maker.spill()
    of_parts, of_held, of_runs = _split(decided.roles, len(parts), len(holding))
    entries = held.write(
        resource,
        list(zip(holding, of_held, strict=True)),
        [*zip(parts, of_parts, strict=True), *zip(spilled, of_runs, strict=True)],
        place.folder,
        place.working,
    )
    made = [np.full(len(run.lengths), Role.LIVE, np.uint8) for run in maker.runs]
    fresh, roles = [*maker.runs, *runs], [*made, *of_runs]
    _count(accounts, list(zip(content.parts, before, of_parts, strict=False)), list(zip(fresh, roles, strict=True)))
    kept = [role == Role.LIVE for role in roles]
    segments = _write_segments(content.parts, [role == Role.LIVE for role in of_parts], fresh, kept, place)
    taken = resolution.next_number([run.identities for run in runs], of_runs, first)
    return Written(segments, entries, decided.superseded, taken)


def _exported_of(run: Run) -> Callable[[], Mapping[int, bytes]]:
    """What gives those members of a run's records that were exported in other types, by row."""
    spilled = run.exported
    return dict if spilled is None else spilled.load


def _numbered(runs: list[Run], first: int) -> list[Run]:
    """The runs with their records numbered in the order in which they were read."""
    starts = np.cumsum([first, *(len(run.lengths) for run in runs)]).tolist()
    pairs = zip(runs, starts, strict=False)
    return [replace(run, identities=run.identities.numbered_from(start)) for run, start in pairs]


def _split(
    roles: list[NDArray[np.uint8]], parts: int, holding: int
) -> tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]], list[NDArray[np.uint8]]]:
    return roles[:parts], roles[parts : parts + holding], roles[parts + holding :]


def _count(
    accounts: Counter[str],
    parts: list[tuple[SegmentReader, NDArray[np.uint8], NDArray[np.uint8]]],
    fresh: list[tuple[Run, NDArray[np.uint8]]],
) -> None:
    """Brings the accounts up to date: records that come, and those that go."""
    for run, roles in fresh:
        counts = np.bincount(run.accounts[roles == Role.LIVE], minlength=len(run.account_names))
        accounts.update(dict(zip(run.account_names, counts.tolist(), strict=True)))
    for part, before, after in parts:
        gone = np.flatnonzero((before == Role.LIVE) & (after != Role.LIVE))
        accounts.subtract(account_of(arn) for arn in _arns(part, gone))


def _write_segments(
    parts: list[SegmentReader], alive: list[Mask], fresh: list[Run], kept: list[Mask], place: Place
) -> list[SegmentEntry]:
    """The segments that stay, and those that are written: of new records, and of segments that are worn."""
    entries = [_with_dead(part, keep, place.folder) for part, keep in zip(parts, alive, strict=True)]
    worn = _worn(entries, sum(int(keep.sum()) for keep in kept))
    survivors = [entry for entry in entries if entry.dead_rows < entry.rows and entry.file not in worn]
    for part, keep in zip(parts, alive, strict=True):
        if part.entry.file in worn and keep.any():
            again = _rewritten(part, keep, place.working)
            fresh, kept = [*again, *fresh], [*(np.ones(len(run.lengths), bool) for run in again), *kept]
    survivors += [_new_segment(fresh, mask, place) for mask in in_time_slices(fresh, kept, SEGMENT_ROWS_MAX)]
    return survivors


def _worn(entries: list[SegmentEntry], fresh: int) -> set[str]:
    """The segments to write anew: those with many superseded records, and the small ones when there are many."""
    worn = {entry.file for entry in entries if entry.dead_rows * DEAD_SHARE > entry.rows}
    small = {entry.file for entry in entries if entry.rows < SEGMENT_ROWS_MAX // 2}
    return worn | small if len(small) + bool(fresh) > SMALL_SEGMENTS_MAX else worn


def _arns(part: SegmentReader, rows: NDArray[np.intp]) -> Iterator[str]:
    """The ARNs of some rows of a segment, `""` for one without."""
    column = part.tables.records.column(PIECE.join(catalogue.resource(part.entry.resource).arn))
    codes = None if column is None or not len(rows) else column.codes_of(rows).tolist()
    if column is None or codes is None:
        return iter([""] * len(rows))
    return (column.texts[code] if code < column.readable else "" for code in codes)


def _with_dead(part: SegmentReader, keep: Mask, folder: Path) -> SegmentEntry:
    """A segment's entry with the rows that are no records any more, those of before among them."""
    rows = np.flatnonzero(~keep).astype(np.uint32)
    if len(rows) == part.entry.dead_rows:
        return part.entry
    return replace(part.entry, dead=store.write_dead(folder, rows), dead_rows=len(rows))


def _rewritten(part: SegmentReader, keep: Mask, working: Path) -> list[Run]:
    """The living records of a segment as runs, to be written with others."""
    writer = RunWriter(part.entry.resource, working, part.entry.file)
    identities = StoredSnapshots(part).identities
    for row, record in zip(np.flatnonzero(keep).tolist(), records(part, keep), strict=True):
        writer.add(record, identities.at(row))
    writer.spill()
    return writer.runs


def _new_segment(runs: list[Run], kept: list[Mask], place: Place) -> SegmentEntry:
    """Writes a segment under a name that says its content."""
    beside = place.working / "segment.new"
    rows = sum(int(keep.sum()) for keep in kept)
    size = write_segment(runs, kept, beside, place.pool, place.told)
    name = f"segment-{Segment(beside).digest}.smseg"
    beside.replace(place.folder / name)
    return SegmentEntry(name, runs[0].resource, rows, size)
