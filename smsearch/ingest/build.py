"""Builds a store from exports, and adds dumps to one.

Records are read and flattened by several processes into runs on disk, versions are resolved over identities
(`resolution.py`), and the records of each resource are written as one segment. Nothing of the old store is touched
until the new manifest is renamed over its own.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from smsearch import occupied
from smsearch.errors import ExportError
from smsearch.frozen import replace
from smsearch.ingest import folders, sources
from smsearch.ingest.addition import StoredResource, WriteContext, write_resource
from smsearch.ingest.progress import ignore, sum_of_advances
from smsearch.ingest.report import Report
from smsearch.ingest.runs import Run
from smsearch.ingest.splits import FileSplit, SplitResult, read_split, splits_of
from smsearch.ingest.workers import Inline, Workers
from smsearch.schema import catalogue
from smsearch.store import build_reports, manifest, retention, store
from smsearch.store.guard import Guard
from smsearch.store.manifest import COMPRESSED_VERSION, FORMAT_VERSION, Manifest, SegmentEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from smsearch.ingest.progress import Progress
    from smsearch.ingest.workers import Pool

SIDE_BY_SIDE_FROM: Final = 16 << 20
"""Bytes from which other processes are worth starting: a fresh one takes as long as reading some megabytes."""
FRESH_FROM: Final = 1 << 30
"""Bytes from which a store is written by fresh processes: reading leaves 50 MB in each, beside columns that grow."""


def build(  # noqa: PLR0913 - the options of `smsearch index`
    names: Iterable[str],
    folder: Path,
    *,
    add: bool = False,
    compress: bool = False,
    progress: Progress | None = None,
    written: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Makes a store of exports, or adds them to one.

    Args:
        names: Files, folders, globs, `-`.
        folder: The store; made if it is not there.
        add: Whether to keep what the store holds; several snapshots of one record tell together what it is.
        compress: Whether to compress documents; a compressed store that is added to stays so.
        progress: Is told how many bytes were read, and of how many.
        written: Is told afterwards how many bytes of segments were written, and of how many, about.
        processes: How many read side by side; left out, one for each processor.

    Returns:
        What was read, stored, superseded and skipped.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, the store to add to is damaged or of another version, or the folder
            holds other files.
    """
    files = sources.find(names)
    folders.refuse_to_store(folder)
    with occupied.writing(folder, manifest.MANIFEST):
        retention.sweep(folder)
        old = store.Store(folder) if add and os.path.lexists(folder / manifest.MANIFEST) else None
        with occupied.working_folder(folder) as working:
            splits = [split for file in files for split in splits_of(file)]
            size, count = sum(split.size for split in splits), processes or os.cpu_count() or 1
            with ExitStack() as pools:
                pools.enter_context(pool := pool_for(size, count, working))
                read = read_all(splits, working, progress, pool)
                if size >= FRESH_FROM:
                    pools.close()
                    pools.enter_context(pool := pool_for(size, count, working))
                advance = sum_of_advances(written, sum(run.size for run in read.runs))
                compress = compress or (old is not None and old.manifest.is_compressed)
                new = _write(read, old, WriteContext(folder, working, pool, advance, compress))
            now = int(time.time())
            report = read.report.of_build(now, is_addition=old is not None)
            reports = build_reports.write(folder, report, () if old is None else old.manifest.reports)
            manifest.write_manifest(folder, retention.succeed(replace(new, reports=reports), folder, now))
        retention.sweep(folder)
    return read.report


def pool_for(size: int, processes: int, working: Path | None = None) -> Inline | Workers:
    """Who does the work on so many bytes: other processes, where these are enough to be worth starting them."""
    return Inline() if processes == 1 or size < SIDE_BY_SIDE_FROM else Workers(processes, working)


def read_all(splits: list[FileSplit], working: Path, progress: Progress | None, pool: Pool) -> SplitResult:
    """Reads every split into runs, in the order of the splits."""
    advance = sum_of_advances(progress, sum(split.size for split in splits))
    futures = [
        pool.submit_with_progress(advance, read_split, split, working, str(at)) for at, split in enumerate(splits)
    ]
    results = [_result(split, future) for split, future in zip(splits, futures, strict=True)]
    report, runs = Report(), list[Run]()
    lines: Counter[str] = Counter()
    for result in _whole_where_cut_wrongly(splits, results, working, pool):
        (file,) = result.report.files
        before = lines[file.name]
        lines[file.name] += file.lines
        runs += [replace(run, lines_before=before) for run in result.runs]
        report.add(result.report)
    report.merge_files()
    return SplitResult(runs, report)


def _result(split: FileSplit, future: Future[SplitResult]) -> SplitResult:
    try:
        return future.result()
    except ExportError as error:
        raise ExportError(
            error.message, file=error.file or split.source.name, line=error.line, hint=error.hint
        ) from None
    except Exception as error:
        error.add_note(f"while {split.source.name} was read")
        raise


def _whole_where_cut_wrongly(
    splits: list[FileSplit], results: list[SplitResult], working: Path, pool: Pool
) -> Iterator[SplitResult]:
    """What was read, in order; a file that was cut as lines, and is none, is read again as a whole."""
    pairs = list(zip(splits, results, strict=True))
    wrong = dict.fromkeys(split.source for split, result in pairs if split.is_cut and not result.is_lines)
    again = {
        source: pool.submit_with_progress(ignore, read_split, FileSplit(source), working, f"whole-{at}")
        for at, source in enumerate(wrong)
    }
    for split, result in pairs:
        if split.source not in again:
            yield result
        elif split.start == 0:
            yield _result(split, again[split.source])


def _write(read: SplitResult, old: store.Store | None, context: WriteContext) -> Manifest:
    """Writes the segments of every resource; returns the manifest that lists them."""
    segments: list[SegmentEntry] = []
    held: list[SegmentEntry] = []
    before = old.manifest if old is not None else Manifest()
    accounts, next_number = Counter(before.accounts), before.next_number
    kinds = {run.resource for run in read.runs} | {entry.resource for entry in (*before.segments, *before.held)}
    for resource in sorted(kinds, key=catalogue.kinds().index):
        runs = [run for run in read.runs if run.resource == resource]
        stored = StoredResource([], []) if old is None else StoredResource(old.of(resource), old.held_of(resource))
        with Guard([*stored.segments, *stored.held]):
            written = write_resource(resource, runs, stored, accounts, before.next_number, context)
        segments += written.segments
        held += written.held
        read.report.superseded += written.superseded
        next_number = max(next_number, written.next_number)
    counts = {account: count for account, count in accounts.items() if count > 0}
    version = COMPRESSED_VERSION if context.compress else FORMAT_VERSION
    return Manifest(tuple(segments), counts, held=tuple(held), next_number=next_number, version=version)
