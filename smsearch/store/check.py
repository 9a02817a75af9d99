"""Checks a store: every checksum, and every structure that a reader believes.

It reads the whole store and reports what it finds wrong, file by file; it repairs nothing. A structure is compared with
what it is made of: an order with the values that it sorts, an index with the texts that it is of. Whether columns are
what the documents say is another check's business (`ingest/recheck.py`), for this module knows no document's meaning.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.errors import MissingFileError, StoreError
from smsearch.schema import catalogue
from smsearch.schema.arns import account_of
from smsearch.schema.decode import loads
from smsearch.schema.versions import aliases_max
from smsearch.store import build_reports, sources
from smsearch.store.address import LEVEL, PIECE, ROOT, column_key, table_key
from smsearch.store.column import ascends
from smsearch.store.manifest import MANIFEST, read_manifest
from smsearch.store.store import OPENINGS_MAX, SegmentReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.store.manifest import Manifest
    from smsearch.store.segment import Segment
    from smsearch.store.table import Table

_IDENTITY: Final = {"keys": 2, "contents": 2, "modified": 1, "full": 1, "derived": 1, "numbers": 1}
"""Arrays that tell snapshots apart, and the elements of each in them."""
_TAIL: Final = b"},"


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
        yield from _check_accounts(manifest, parts)
        yield from _check_next_number(manifest, [*parts, *held])


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
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        yield f"{what} cannot be read: {type(error).__name__}: {error}."


def _check_part(part: SegmentReader, check_one: Callable[[SegmentReader], Iterator[str]]) -> Iterator[str]:
    name = part.entry.file
    try:
        part.segment.verify_all()
        _ = part.meta
    except StoreError as error:
        yield str(error)
        return
    except (LookupError, TypeError, ValueError) as error:
        yield f"{name}: its table of records cannot be read: {type(error).__name__}: {error}."
        return
    found = list(guarded(lambda: _check_directory(part.segment), "the directory"))
    yield from (f"{name}: {problem}" for problem in found or check_one(part))


def check_held(part: SegmentReader) -> Iterator[str]:
    """What is wrong with a file of held snapshots, of a store or of an archive."""
    return _check_part(part, _check_snapshots)


def _check_segment(part: SegmentReader) -> Iterator[str]:
    yield from _check_snapshots(part)
    yield from guarded(lambda: _check_records(part), "the table of records")
    for key in part.segment.keys(table_key(ROOT)):
        path = key.removeprefix(table_key(ROOT))
        yield from guarded(lambda path=path: _check_table(part, path), f"the table {path!r}")  # type: ignore[misc]


def _check_snapshots(part: SegmentReader) -> Iterator[str]:
    """Documents, what exports had otherwise, and what tells snapshots apart: all that a file of held ones has."""
    yield from guarded(lambda: _check_documents(part), "the documents")
    yield from guarded(lambda: _check_exported(part), "what exports had in other types")
    yield from guarded(lambda: _check_identities(part), "what tells snapshots apart")
    yield from guarded(lambda: _check_sources(part), "where its records came from")
    yield from guarded(lambda: _check_counts(part), "the counts of snapshots")


def _check_sources(part: SegmentReader) -> Iterator[str]:
    yield from part.sources.check()


def _check_counts(part: SegmentReader) -> Iterator[str]:
    yield from part.counts.check(are_records=part.entry.file.startswith("segment"))


def _check_identities(part: SegmentReader) -> Iterator[str]:
    sizes = _IDENTITY | {"aliases": 2 * aliases_max(part.entry.resource)}
    for name, size in sizes.items():
        array = part.segment.array(part.meta[name])
        if len(array) != size * part.entry.rows:
            yield f"{name} holds {len(array)} numbers for {part.entry.rows} records."


def _check_directory(segment: Segment) -> Iterator[str]:
    """Keys are searched by halving, so they ascend; each column is of a table, and each list of a table above."""
    keys = segment.every_key()
    if any(after.encode() <= before.encode() for before, after in pairwise(keys)):
        yield "the keys of its directory do not ascend."
        return
    tables = {key.removeprefix(table_key(ROOT)) for key in keys if key.startswith(table_key(ROOT))}
    for key in keys:
        if key.startswith("c"):
            path, mark, _ = key[1:].partition(column_key("", "")[1:])
            if not mark or path not in tables:
                yield f"the column {key!r} is of no table."
        elif not key.startswith(table_key(ROOT)) and key != sources.KEY:
            yield f"{key!r} in its directory is neither a table nor a column, nor where records came from."
    for path in tables - {ROOT}:
        if path.rpartition(LEVEL)[0] not in tables:
            yield f"the table {path!r} is below no table."


def _check_records(part: SegmentReader) -> Iterator[str]:
    records, rows = part.tables.records, part.entry.rows
    order, rank = records.tiebreak_order, records.tiebreak_rank
    if order is None or rank is None or not is_permutation(order.whole(), rows):
        yield "the order of ties is not a permutation of its records."
    elif len(rank) != rows or not (rank.whole()[order.whole()] == np.arange(rows)).all():
        yield "the rank of ties does not invert their order."
    elif not np.array_equal(order.whole(), _ties(part, order.whole())):
        yield "the order of ties is not that of ARNs, names and versions."
    extras = part.meta["extras"]
    if not all(isinstance(path, list) and all(isinstance(name, str) for name in path) for path in extras.values()):
        yield "its fields that the service model does not know have no paths."


def _check_documents(part: SegmentReader) -> Iterator[str]:
    """Documents stand one after another from the beginning of the file, each an object of one member and a comma."""
    offsets = part.segment.array(part.meta["documents"]).whole().astype(np.int64)
    if len(offsets) != part.entry.rows + 1 or offsets[0] or (np.diff(offsets) <= 0).any():
        yield "its documents do not stand one after another."
        return
    if offsets[-1] > part.segment.array(part.meta["documents"]).offset:
        yield "its documents do not end before its arrays begin."
        return
    head = b'{"%s":{' % catalogue.resource(part.entry.resource).record_key.encode()
    mapped = part.segment.mapped
    pairs = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    for row, (start, end) in enumerate(pairs):
        if mapped[start : start + len(head)] != head or mapped[end - 3 : end] != b"}" + _TAIL:
            yield f"the document of row {row} does not begin and end as one."
            return


def _check_exported(part: SegmentReader) -> Iterator[str]:
    """Rows, and of each the JSON of the members that its export had in other types."""
    if not part.has_exported:
        return
    numbers, *texts = part.meta["exported"]
    rows, written = part.segment.array(numbers).whole(), part.segment.texts(texts)
    if not len(rows) or len(rows) != len(written) or not ascends(rows, part.entry.rows):
        yield "what exports had in other types is not of rows of it in order."
    elif not all(isinstance(loads(written.encoded(at)), dict) for at in range(len(written))):
        yield "what exports had in other types is no JSON object."


def _ties(part: SegmentReader, order: NDArray[Any]) -> NDArray[Any]:
    """The order of ties made anew; where names are numbers, whose spelling decides, the order that is there counts."""
    resource = catalogue.resource(part.entry.resource)
    keys = []
    for path in reversed(resource.identity):
        column = part.tables.records.column(PIECE.join(path))
        key = np.zeros(part.entry.rows, np.int64)
        if column is not None and column.has_texts:
            codes = column.all_codes().astype(np.int64)
            key = np.where(codes < column.absent, codes + 1, 0)
        elif column is not None:
            key[order] = np.arange(part.entry.rows)
        keys.append(key)
    return np.lexsort(keys)


def _check_table(part: SegmentReader, path: str) -> Iterator[str]:
    table = part.tables.get(path)
    if table is None:
        return
    if table.path:
        problems = list(guarded(lambda: _check_list(part, table), f"the list {table.path!r}"))
        yield from problems
        if problems:
            return
    for key in table.column_keys():
        found = guarded(lambda key=key: _check_column(table, key), "it")  # type: ignore[misc]
        yield from (f"column {key!r} of table {table.path!r}: {problem}" for problem in found)


def _check_column(table: Table, key: str) -> Iterator[str]:
    column = table.column(key)
    if column is not None:
        yield from column.check(table.tiebreak_rank)


def _check_list(part: SegmentReader, table: Table) -> Iterator[str]:
    above = part.tables.get(table.path.rpartition(LEVEL)[0])
    rows_above = above.row_count if above is not None else 0
    parents, bounds = table.parents.whole().astype(np.int64), table.bounds.whole().astype(np.int64)
    in_order = not (np.diff(parents) < 0).any()
    if len(parents) != table.row_count or not in_order or (len(parents) and parents[-1] >= rows_above):
        yield f"the elements of {table.path!r} do not follow the rows above."
    elif not np.array_equal(bounds, np.searchsorted(parents, np.arange(rows_above + 1))):
        yield f"the bounds of {table.path!r} are not those of its elements."


def is_permutation(order: NDArray[Any], count: int) -> bool:
    """Whether some numbers are all from 0 to before a count, each once."""
    return np.array_equal(np.sort(order), np.arange(count))


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
    numbers = [part.segment.array(part.meta["numbers"]).whole() for part in parts]
    if numbers and manifest.next_number <= np.concatenate(numbers).max():
        yield f"{MANIFEST}: next_number is not beyond the numbers of the records that have arrived."
