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
from smsearch.store.address import PIECE
from smsearch.store.counts import Counts, joined, usual
from smsearch.store.live_docs import write_deleted_rows
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
    from smsearch.store.segment_reader import SegmentReader

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
    spilled = [
        SpilledSnapshots(resource, run.path, run.lengths, run.identities, _exported_of(run), run.origins)
        for run in runs
    ]
    before = [living(part).astype(np.uint8) * np.uint8(Role.LIVE) for part in content.parts]
    before += [np.full(len(one.identities), Role.HELD, np.uint8) for one in holding]
    before += [np.full(len(one.identities), Role.NEW, np.uint8) for one in spilled]
    counts = [one.part.counts.whole() for one in (*parts, *holding)] + [usual(len(one.identities)) for one in spilled]
    maker = RunWriter(resource, place.working, "made")
    decided = resolution.resolve([*parts, *holding, *spilled], before, maker.add, counts)
    maker.spill()
    pairs = list(zip(decided.roles, decided.counts, strict=True))
    of_parts = [held.Resolved(one, *pair) for one, pair in zip(parts, pairs, strict=False)]
    of_held = [held.Resolved(one, *pair) for one, pair in zip(holding, pairs[len(parts) :], strict=False)]
    of_runs = pairs[len(parts) + len(holding) :]
    others: list[held.Resolved[held.Holder]] = [*of_parts]
    others += [held.Resolved(one, *pair) for one, pair in zip(spilled, of_runs, strict=True)]
    entries = held.write(resource, of_held, others, place.folder, place.working)
    fresh = _made(maker.runs, decided.made)
    fresh += [_Fresh(run, roles == Role.LIVE, counted) for run, (roles, counted) in zip(runs, of_runs, strict=True)]
    _count(accounts, list(zip(of_parts, before, strict=False)), fresh)
    segments = _write_segments(of_parts, fresh, place)
    taken = resolution.next_number([run.identities for run in runs], [roles for roles, _ in of_runs], first)
    return Written(segments, entries, decided.superseded, taken)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A run of which records are to be written as a segment: which ones, and what each stands for and supersedes."""

    run: Run
    kept: Mask
    counts: Counts


def _exported_of(run: Run) -> Callable[[], Mapping[int, bytes]]:
    """What gives those members of a run's records that were exported in other types, by row."""
    spilled = run.exported
    return dict if spilled is None else spilled.load


def _numbered(runs: list[Run], first: int) -> list[Run]:
    """The runs with their records numbered in the order in which they were read."""
    starts = np.cumsum([first, *(len(run.lengths) for run in runs)]).tolist()
    pairs = zip(runs, starts, strict=False)
    return [replace(run, identities=run.identities.numbered_from(start)) for run, start in pairs]


def _made(runs: list[Run], counts: Counts) -> list[_Fresh]:
    """Runs of which all records are to be written, with the counts of those, one after another."""
    bounds = np.cumsum([len(run.lengths) for run in runs])[:-1]
    places = np.split(np.arange(len(counts)), bounds) if runs else []
    return [_Fresh(run, np.ones(len(some), bool), counts.of(some)) for run, some in zip(runs, places, strict=True)]


def _count(
    accounts: Counter[str],
    parts: list[tuple[held.Resolved[StoredSnapshots], NDArray[np.uint8]]],
    fresh: list[_Fresh],
) -> None:
    """Brings the accounts up to date: records that come, and those that go."""
    for one in fresh:
        counts = np.bincount(one.run.accounts[one.kept], minlength=len(one.run.account_names))
        accounts.update(dict(zip(one.run.account_names, counts.tolist(), strict=True)))
    for resolved, before in parts:
        gone = np.flatnonzero((before == Role.LIVE) & (resolved.roles != Role.LIVE))
        accounts.subtract(account_of(arn) for arn in _arns(resolved.snapshots.part, gone))


def _write_segments(
    parts: list[held.Resolved[StoredSnapshots]], fresh: list[_Fresh], place: Place
) -> list[SegmentEntry]:
    """The segments that stay, and those that are written: of new records, and of segments that are worn."""
    entries = [_with_dead(one.snapshots.part, one.roles == Role.LIVE, place.folder) for one in parts]
    worn = _worn(entries, sum(int(one.kept.sum()) for one in fresh))
    survivors = []
    for entry, one in zip(entries, parts, strict=True):
        keep = one.roles == Role.LIVE
        counts = usual(0) if one.counts is None else one.counts
        if entry.file not in worn and keep.any():
            living_counts = Counts(np.where(keep, counts.standing, 1), np.where(keep, counts.superseded, 0))
            survivors.append(held.with_counts(entry, living_counts, place.folder))
        elif keep.any():
            fresh = [*_made(_rewritten(one.snapshots, keep, place.working), counts.of(keep)), *fresh]
    slices = in_time_slices([one.run for one in fresh], [one.kept for one in fresh], SEGMENT_ROWS_MAX)
    return [*survivors, *(_new_segment(fresh, mask, place) for mask in slices)]


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
    return replace(part.entry, dead=write_deleted_rows(folder, rows), dead_rows=len(rows))


def _rewritten(snapshots: StoredSnapshots, keep: Mask, working: Path) -> list[Run]:
    """The living records of a segment as runs, to be written with others."""
    part = snapshots.part
    writer = RunWriter(part.entry.resource, working, part.entry.file)
    for row, record in zip(np.flatnonzero(keep).tolist(), records(part, keep), strict=True):
        writer.add(record, snapshots.identities.at(row))
    writer.spill()
    return writer.runs


def _new_segment(fresh: list[_Fresh], kept: list[Mask], place: Place) -> SegmentEntry:
    """Writes a segment under a name that says its content."""
    beside = place.working / "segment.new"
    rows = sum(int(keep.sum()) for keep in kept)
    runs = [one.run for one in fresh]
    written = write_segment(runs, kept, beside, place.pool, place.told)
    name = f"segment-{Segment(beside).digest}.smseg"
    beside.replace(place.folder / name)
    entry = SegmentEntry(name, runs[0].resource, rows, written.size)
    return held.with_counts(entry, joined([one.counts for one in fresh]).of(written.order), place.folder)
