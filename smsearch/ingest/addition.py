"""Writes the records of one resource into a store: those just read, beside or in the place of those that are there.

What each row becomes is decided before (`resolution.py`). New records are written as a segment; one that loses records
gets a list of its superseded rows. Then segments are merged, or written without the rows that they have lost, where
`merging.py` says so. Nothing of the old store is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from smsearch.frozen import replace
from smsearch.ingest import held_snapshots, resolution
from smsearch.ingest.classes import Role
from smsearch.ingest.merging import SEGMENT_ROWS_MAX, groups_to_merge
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.segments import in_time_slices, write_segment
from smsearch.ingest.snapshots import StoredSnapshots, living
from smsearch.ingest.stored_runs import stored_run
from smsearch.ingest.workers import give_back_memory
from smsearch.schema import catalogue
from smsearch.schema.arns import account_of
from smsearch.store.address import PIECE
from smsearch.store.counts import Counts, joined
from smsearch.store.live_docs import write_deleted_rows
from smsearch.store.manifest import SegmentEntry
from smsearch.store.segment import Segment
from smsearch.store.segment_reader import SegmentReader

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.progress import Advance
    from smsearch.ingest.resolution import Resolved
    from smsearch.ingest.runs import Run
    from smsearch.ingest.workers import Pool

    Mask = NDArray[np.bool_]


class StoredResource(NamedTuple):
    """What a store has of one resource: its segments, and its files of held snapshots."""

    segments: list[SegmentReader]
    held: list[SegmentReader]


class WrittenResource(NamedTuple):
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


class WriteContext(NamedTuple):
    """Where a store is written: its folder, where runs are spilled, what lays out the columns, and the progress.

    `compress` says whether the documents of new segments are compressed.
    """

    folder: Path
    working: Path
    pool: Pool
    advance: Advance
    compress: bool = False


class _NewRecords(NamedTuple):
    """The records of a run that are to be written: which rows, and what each stands for and supersedes."""

    run: Run
    mask: Mask
    counts: Counts


class _Part(NamedTuple):
    """A segment of the new store, and how many snapshots stand behind its rows."""

    entry: SegmentEntry
    counts: Counts


def write_resource(
    resource: str, runs: list[Run], stored: StoredResource, accounts: Counter[str], first: int, context: WriteContext
) -> WrittenResource:
    """Writes the segments and held snapshots of one resource.

    Args:
        resource: Its name.
        runs: The records just read, in their order.
        stored: What the store has of it.
        accounts: How many records each account has; brought up to date.
        first: The number of the first record just read, in the order of arrival.
        context: Where to write.
    """
    starts = np.cumsum([first, *(len(run.lengths) for run in runs)]).tolist()
    runs = [replace(run, first_number=at) for run, at in zip(runs, starts, strict=False)]
    emitted = RunWriter(resource, context.working, "emitted")
    resolved = resolution.resolve(
        [StoredSnapshots(segment) for segment in stored.segments],
        [StoredSnapshots(file) for file in stored.held],
        [run.snapshots() for run in runs],
        emitted.add,
        [living(segment) for segment in stored.segments],
    )
    emitted.spill()
    give_back_memory()
    others = [*resolved.live, *resolved.new]
    held = held_snapshots.write(resource, resolved.held, others, context.folder, context.working)
    new = _all_of(emitted.runs, resolved.emitted)
    new += [_NewRecords(run, one.roles == Role.LIVE, one.counts) for run, one in zip(runs, resolved.new, strict=True)]
    _count_accounts(accounts, resolved.live, new)
    segments = _write_segments(resolved.live, new, context)
    return WrittenResource(segments, held, resolved.superseded, resolution.next_number(resolved.new, first))


def _all_of(runs: list[Run], counts: Counts) -> list[_NewRecords]:
    """Runs of which all records are to be written, with the counts of those, one after another."""
    places = np.split(np.arange(len(counts)), np.cumsum([len(run.lengths) for run in runs])[:-1]) if runs else []
    return [_NewRecords(run, np.ones(len(rows), bool), counts.of(rows)) for run, rows in zip(runs, places, strict=True)]


def _count_accounts(accounts: Counter[str], live: list[Resolved[StoredSnapshots]], new: list[_NewRecords]) -> None:
    """Brings the accounts up to date: records that come, and those that go."""
    for run, mask, _ in new:
        counts = np.bincount(run.accounts[mask], minlength=len(run.account_names))
        accounts.update(dict(zip(run.account_names, counts.tolist(), strict=True)))
    for snapshots, roles, _ in live:
        gone = np.flatnonzero(living(snapshots.part) & (roles != Role.LIVE))
        accounts.subtract(account_of(arn) for arn in _arns(snapshots.part, gone))


def _write_segments(
    live: list[Resolved[StoredSnapshots]], new: list[_NewRecords], context: WriteContext
) -> list[SegmentEntry]:
    """The segments that stay, and those that are written: of new records, and those that are merged."""
    parts = []
    for snapshots, roles, counts in live:
        mask = roles == Role.LIVE
        if mask.any():
            of_live = Counts(np.where(mask, counts.standing, 1), np.where(mask, counts.superseded, 0))
            parts.append(_Part(_with_deleted_rows(snapshots.part, mask, context.folder), of_live))
    parts += _new_segments(new, context)
    groups = groups_to_merge([(part.entry.rows, part.entry.dead_rows) for part in parts])
    merged = [entry for group in groups for entry in _merged([parts[at] for at in group], context)]
    gone = {at for group in groups for at in group}
    stay = [part for at, part in enumerate(parts) if at not in gone] + merged
    return [held_snapshots.with_counts(entry, counts, context.folder) for entry, counts in stay]


def _merged(parts: list[_Part], context: WriteContext) -> list[_Part]:
    """The records of some segments in a segment of their own."""
    readers = [SegmentReader(context.folder, part.entry) for part in parts]
    stored = zip(readers, parts, strict=True)
    return _new_segments(
        [_NewRecords(stored_run(reader, context.working), living(reader), part.counts) for reader, part in stored],
        context,
    )


def _arns(part: SegmentReader, rows: NDArray[np.intp]) -> Iterator[str]:
    """The ARNs of some rows of a segment, `""` for one without."""
    column = part.tables.records.column(PIECE.join(catalogue.resource(part.entry.resource).arn))
    if column is None or not len(rows):
        return iter([""] * len(rows))
    return (column.texts[code] if code < column.readable else "" for code in column.codes_of(rows).tolist())


def _with_deleted_rows(part: SegmentReader, mask: Mask, folder: Path) -> SegmentEntry:
    """A segment's entry with the rows that are no records any more, those of before among them."""
    rows = np.flatnonzero(~mask).astype(np.uint32)
    if len(rows) == part.entry.dead_rows:
        return part.entry
    return replace(part.entry, dead=write_deleted_rows(folder, rows), dead_rows=len(rows))


def _new_segments(new: list[_NewRecords], context: WriteContext) -> list[_Part]:
    """Writes some records as a segment, or several if they are many, under names that say their content."""
    runs = [one.run for one in new]
    parts = []
    for masks in in_time_slices(runs, [one.mask for one in new], SEGMENT_ROWS_MAX):
        beside = context.working / "segment.new"
        written = write_segment(runs, masks, beside, context.pool, context.advance, compress=context.compress)
        name = f"segment-{Segment(beside).digest}.smseg"
        beside.replace(context.folder / name)
        entry = SegmentEntry(name, runs[0].resource, len(written.order), written.size)
        parts.append(_Part(entry, joined([one.counts for one in new]).of(written.order)))
    return parts
