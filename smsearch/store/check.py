"""Checks a store: every checksum, and every structure that a reader believes.

It reads the whole store and reports what it finds wrong, file by file; it repairs nothing. The check of a structure
stands beside its writer and its reader; this module walks the structures (`structures.py`), and checks the manifest. A
structure is compared with what it is made of: an order with the values that it sorts, an index with its texts. Whether
columns are what the documents say is another check's business (`ingest/recheck.py`); this module reads no document.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from smsearch.errors import MissingFileError, StoreError
from smsearch.numpy_later import np
from smsearch.schema import catalogue
from smsearch.schema.arns import account_of
from smsearch.store import build_reports
from smsearch.store.address import LEVEL, PIECE, ROOT, column_key, table_key
from smsearch.store.child_table import ChildTable
from smsearch.store.footer import LEFT_OVER
from smsearch.store.manifest import MANIFEST, read_manifest
from smsearch.store.segment_reader import SegmentReader
from smsearch.store.store import OPENINGS_MAX
from smsearch.store.structures import STRUCTURES, check_owners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from smsearch.store.manifest import Manifest
    from smsearch.store.segment import Segment
    from smsearch.store.table import Table


def check(folder: Path) -> Iterator[str]:
    """What is wrong with a store, a sentence each, with the file's name; nothing if it is whole.

    Raises:
        StoreError: There is no store, or its manifest cannot be read.
    """
    manifest, parts, held, problems = opened(folder)
    yield from problems
    for some, check_one in ((parts, _check_segment), (held, _check_snapshots)):
        for part in some:
            found = list(_check_part(part, check_one))
            yield from found
            problems += found
    yield from build_reports.check(folder, manifest.reports)
    if not problems:  # else they cannot be counted
        yield from guarded(partial(_check_accounts, manifest, parts), f"{MANIFEST}: accounts")
        yield from guarded(partial(_check_next_number, manifest, [*parts, *held]), f"{MANIFEST}: next_number")


def opened(folder: Path) -> tuple[Manifest, list[SegmentReader], list[SegmentReader], list[str]]:
    """A store's manifest, the segments and the files of held snapshots that can be opened, and what keeps others.

    A file may be gone because a writer has put another manifest in the place of the one that names it: then that one
    is read.

    Raises:
        StoreError: There is no store, or its manifest cannot be read.
    """
    manifest = read_manifest(folder)
    for _ in range(OPENINGS_MAX):
        parts, held, problems, is_missing = list[SegmentReader](), list[SegmentReader](), list[str](), False
        for some, entry in [*((parts, entry) for entry in manifest.segments), *((held, one) for one in manifest.held)]:
            try:
                some.append(SegmentReader(folder, entry))
            except StoreError as error:
                problems.append(str(error))
                is_missing |= isinstance(error, MissingFileError)
        before, manifest = manifest, read_manifest(folder) if is_missing else manifest
        if manifest == before:
            break
    return before, parts, held, problems


def guarded(checks: Callable[[], Iterator[str]], what: str) -> Iterator[str]:
    """What some checks find; that a structure is not even what they take it for is something that they find."""
    try:
        yield from checks()
    except StoreError as error:
        yield f"{what}: {error.message}"
    except LEFT_OVER as error:
        yield f"{what} cannot be read: {type(error).__name__}: {error}."


def _check_part(part: SegmentReader, check_one: Callable[[SegmentReader], Iterator[str]]) -> Iterator[str]:
    name = part.entry.file
    try:
        part.segment.verify_all()
        _ = part.metadata
    except StoreError as error:
        yield str(error)
        return
    except LEFT_OVER as error:
        yield f"{name}: its table of records cannot be read: {type(error).__name__}: {error}."
        return
    found = list(guarded(lambda: _check_directory(part.segment), "the directory"))
    yield from (f"{name}: {problem}" for problem in found or check_one(part))


def problems_of(part: SegmentReader) -> Iterator[str]:
    """What is wrong with an open file of a store, a segment or one of held snapshots, a sentence each."""
    return _check_part(part, _check_segment if part.entry.file.startswith("segment") else _check_snapshots)


def check_held(part: SegmentReader) -> Iterator[str]:
    """What is wrong with a file of held snapshots, of a store or of an archive."""
    return _check_part(part, _check_snapshots)


def _check_segment(part: SegmentReader) -> Iterator[str]:
    """The structures of records, then each table: the rows of a list, and every column."""
    for structure in STRUCTURES:
        yield from guarded(partial(structure.check, part), structure.name)
    for key in part.segment.keys(table_key(ROOT)):
        path = key.removeprefix(table_key(ROOT))
        yield from guarded(partial(_check_table, part, path), f"the table {path!r}")


def _check_snapshots(part: SegmentReader) -> Iterator[str]:
    """The structures that a file of held snapshots has."""
    for structure in STRUCTURES:
        if structure.is_of_held:
            yield from guarded(partial(structure.check, part), structure.name)


def _check_directory(segment: Segment) -> Iterator[str]:
    """Keys are searched by halving, so they ascend; each column is of a table, and each list of a table above."""
    keys = segment.every_key()
    if any(after.encode() <= before.encode() for before, after in pairwise(keys)):
        yield "the keys of its directory do not ascend."
        return
    tables = {key.removeprefix(table_key(ROOT)) for key in keys if key.startswith(table_key(ROOT))}
    yield from check_owners(segment)
    for key in keys:
        if key.startswith(column_key(ROOT, "")[:1]):
            path, mark, _ = key[1:].partition(column_key("", "")[1:])
            if not mark or path not in tables:
                yield f"the column {key!r} is of no table."
    for path in tables - {ROOT}:
        if path.rpartition(LEVEL)[0] not in tables:
            yield f"the table {path!r} is below no table."


def _check_table(part: SegmentReader, path: str) -> Iterator[str]:
    table = part.tables.get(path)
    if table is None:
        return
    if isinstance(table, ChildTable):
        above = part.tables.get(path.rpartition(LEVEL)[0])
        rows_above = 0 if above is None else above.row_count
        problems = list(guarded(partial(table.check_rows, rows_above), f"the list {path!r}"))
        yield from (f"the table {path!r}: {problem}" for problem in problems)
        if problems:
            return
    for key in table.column_keys():
        found = guarded(partial(_check_column, table, key), "it")
        yield from (f"column {key!r} of table {path!r}: {problem}" for problem in found)


def _check_column(table: Table, key: str) -> Iterator[str]:
    column = table.column(key)
    if column is not None:
        yield from column.check(table.tiebreak_rank)


def _check_accounts(manifest: Manifest, parts: list[SegmentReader]) -> Iterator[str]:
    """The records of each account are counted in the manifest, so that no request has to."""
    counted: Counter[str] = Counter()
    for part in parts:
        alive = np.ones(part.entry.rows, dtype=bool)
        if part.dead is not None:
            alive[part.dead] = False
        column = part.tables.records.column(PIECE.join(catalogue.resource(part.entry.resource).arn))
        if column is None or not column.has_texts:
            counted[""] += int(alive.sum())
            continue
        counts = np.bincount(column.all_codes()[alive], minlength=column.readable)
        for code in np.flatnonzero(counts).tolist():
            counted[account_of(column.texts[code]) if code < column.readable else ""] += int(counts[code])
    if counted != Counter(manifest.accounts):
        wrong = sorted(
            account for account in counted | manifest.accounts if counted[account] != manifest.accounts.get(account, 0)
        )
        named = ", ".join(account or "no account" for account in wrong)
        yield f"{MANIFEST}: accounts does not count the records of {named}."


def _check_next_number(manifest: Manifest, parts: list[SegmentReader]) -> Iterator[str]:
    """The next record to arrive has a number beyond those of all before it, so that it is the later one (row D2)."""
    numbers = [part.identities.numbers for part in parts]
    if numbers and manifest.next_number <= np.concatenate(numbers).max():
        yield f"{MANIFEST}: next_number is not beyond the numbers of the records that have arrived."
