"""The records of an archive, searched by Spark: the same questions and answers as over a store.

A page is two jobs: the sort values and identities of its records, found with a top-k, then their documents, read from
the files that hold them; where those files are small, the first job brings the documents. Another one counts if there
is a next page, and counts are remembered. This module knows no request, no token and no file.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Final

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.archive.layout import ARN, DOCUMENT, EXPORTED, NAME
from smsearch.archive.manifest import AGAIN
from smsearch.cluster import aggregate
from smsearch.cluster.archive_frames import ArchiveFrames
from smsearch.cluster.cluster_session import ClusterSession
from smsearch.cluster.compile import compile_predicate
from smsearch.cluster.cursor import Keyset, pack, unpack
from smsearch.cluster.order import after, identity_columns, terms
from smsearch.cluster.walk import ShapedColumn, all_values
from smsearch.engine.cursor import InvalidCursorError
from smsearch.engine.grouping import no_rows
from smsearch.engine.page import Page
from smsearch.engine.value_counts import count_values, number_of
from smsearch.errors import StoreError
from smsearch.messages import is_unicode
from smsearch.predicate.predicate import Always, Never
from smsearch.schema import catalogue, notation
from smsearch.schema.arns import main_account
from smsearch.schema.names import Schema
from smsearch.schema.parsed import ParsedDocuments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from pyspark.sql import Column, DataFrame, Row, SparkSession

    from smsearch.cluster.order import SortTerm
    from smsearch.cluster.reopening import LastingSession
    from smsearch.engine.cursor import Cursor
    from smsearch.engine.grouping import Aggregate, GroupedRows, GroupKey
    from smsearch.engine.value_counts import ValueCounts
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

REMEMBERED_MAX: Final = 512
"""Counts that are remembered; beyond, all are forgotten."""
ONE_JOB_BYTES: Final = 2 << 20
"""Files of a resource so small that a page reads every document of its matches: a second job would take longer."""
FIRST_PAGE: Final = 100
"""Records that an iteration without limit fetches at first, as many as most want; the others come as a stream."""
_FILE: Final = "record_file"
_Document = tuple[str, str | None]
"""A record's document, and what its export had in other types, if anything."""


class SparkEngine:
    """Answers pages, counts and look-ups over an archive.

    Args:
        session: The session that does the work, or one that is opened anew where it has ended; whoever opened it
            closes it.
        folder: The archive: a folder that this machine and every worker see, or a URI that Spark can read.

    Raises:
        StoreError: There is no archive, it is of another version, its manifest is damaged, or a file was replaced.
        ClusterError: Spark cannot read it.
    """

    def __init__(self, session: SparkSession | LastingSession, folder: str) -> None:
        self._spark = ClusterSession(session)
        self._folder = folder
        self._frames = ArchiveFrames(self._spark, folder)
        self._manifest = self._frames.manifest
        self._counts: dict[tuple[str, Predicate], int] = {}
        self.snapshot = self._manifest.snapshot

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on: the catalogue, and the plain fields that only the data has."""
        extras = {name: tuple(path) for entry in self._manifest.of(resource) for name, path in entry.extras.items()}
        return Schema(catalogue.resource(resource), dict(sorted(extras.items())))

    def resources(self) -> dict[str, int]:
        """How many records there are of each kind that has any, in the catalogue's order."""
        counts = dict.fromkeys(catalogue.kinds(), 0)
        for entry in self._manifest.files:
            counts[entry.resource] += entry.rows
        return {name: count for name, count in counts.items() if count}

    def main_account(self) -> str:
        """The account that most records belong to, or `""`; of several, the first in order."""
        accounts: Counter[str] = Counter()
        for entry in self._manifest.files:
            accounts.update(entry.accounts)
        return main_account(accounts)

    def page(
        self, resource: str, predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
    ) -> Page:
        """At most `size` matches from a cursor on; see `Engine.page`.

        Raises:
            InvalidCursorError: No page of this query begins at the cursor.
        """
        if not self._manifest.of(resource) or isinstance(predicate, Never):
            if cursor:
                raise InvalidCursorError(cursor)
            return Page(ParsedDocuments(resource, []), None, 0, [])
        with self._answering():
            order = terms(key, catalogue.resource(resource))
            begin = unpack(cursor, [term.carries for term in order])
            rows = self._sorted_rows(resource, predicate, order, begin, size + 1)
            if not cursor:
                self._check_rows(resource, predicate, len(rows), size + 1)
            rows_of_page = rows[:size]
            documents = self._documents(resource, order, rows_of_page) if rows_of_page else []
        if cursor and not rows:
            raise InvalidCursorError(cursor)
        stored = [document.encode() for document, _ in documents]
        records = _parsed(resource, documents)
        if len(rows) <= size:  # the last page has counted them all, if what comes before it is known
            counted = len(rows) if not cursor else self._total(resource, predicate, total)
            return Page(records, None, counted, stored)
        next_cursor = pack(Keyset(begin.given + size, tuple(rows_of_page[-1][: len(order)])))
        return Page(records, next_cursor, self._total(resource, predicate, total), stored)

    def _check_rows(self, resource: str, predicate: Predicate, rows: int, at_most: int | None = None) -> None:
        """Refuses another number of rows than the manifest has, where every record matches: there it costs nothing."""
        if not isinstance(predicate, Always):
            return
        expected = self.resources()[resource]
        if rows != (expected if at_most is None else min(expected, at_most)):
            raise StoreError(
                f"The archive is damaged: Spark reads {rows:,} records of {resource}; {expected:,} were written.",
                hint=AGAIN,
            )

    def _total(self, resource: str, predicate: Predicate, total: int | None) -> int:
        return self.count(resource, predicate) if total is None else total

    def _sorted_rows(
        self, resource: str, predicate: Predicate, order: list[SortTerm], begin: Keyset, size: int
    ) -> Sequence[Row]:
        """The matches from a place on: sort values, the last of them ARN, name and version, and `_rest`."""
        matches = _sorted(self._from(resource, predicate, order, begin), order, *self._rest(resource))
        if begin.given and not begin.values:
            matches = matches.offset(begin.given)
        rows: list[Row] = matches.limit(size).collect()
        return rows

    def _rest(self, resource: str) -> list[Column]:
        """What a page's first job brings beside the sort values: the documents, or the name of the file with them."""
        if self._has_small_files(resource):
            return [F.col(DOCUMENT), F.col(EXPORTED)]
        return [F.col("_metadata.file_name").alias(_FILE)]

    def _has_small_files(self, resource: str) -> bool:
        return sum(entry.size for entry in self._manifest.of(resource)) <= ONE_JOB_BYTES

    def _from(self, resource: str, predicate: Predicate, order: list[SortTerm], begin: Keyset) -> DataFrame:
        """The matches that come after a place, as far as its values say."""
        matching = self._matching(resource, predicate)
        return matching.filter(after(order, begin.values)) if begin.values else matching

    def _matching(self, resource: str, predicate: Predicate) -> DataFrame:
        frame = self.frame(resource)
        if isinstance(predicate, Always):
            return frame
        return frame.filter(compile_predicate(predicate, catalogue.resource(resource)))

    def _documents(self, resource: str, order: list[SortTerm], rows: Sequence[Row]) -> list[_Document]:
        """The documents of some rows, in their order, from the files that hold them."""
        if self._has_small_files(resource):
            return [(row[DOCUMENT], row[EXPORTED]) for row in rows]
        columns = identity_columns(catalogue.resource(resource))
        identities = [tuple(row)[len(order) - len(columns) : len(order)] for row in rows]
        of_arns = F.col(ARN).isin([arn for arn, *_ in identities])
        is_of_page = of_arns & F.col(NAME).isin([name for _, name, *_ in identities])
        stored = self._frames.documents(resource, {row[_FILE] for row in rows}).filter(is_of_page).collect()
        by_identity = {tuple(identity): (document, other_types) for *identity, document, other_types in stored}
        return [by_identity[identity] for identity in identities]

    def records(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order."""
        page = self.page(resource, predicate, key, b"", FIRST_PAGE, None)
        yield from page.records
        if page.next_cursor is None:
            return
        with self._answering():
            order = terms(key, catalogue.resource(resource))
            begin = unpack(page.next_cursor, [term.carries for term in order])
            matches = _sorted(self._from(resource, predicate, order, begin), order, F.col(DOCUMENT), F.col(EXPORTED))
            rows = matches.toLocalIterator()
            for _ in range(0 if begin.values else begin.given):
                next(rows)
            for row in rows:
                yield _parsed(resource, [(row[DOCUMENT], row[EXPORTED])])[0]

    def names(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[str]:
        """What every match is called, in order."""
        return (record.called for record in self.records(resource, predicate, key))

    def lines(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[bytes]:
        """Every match in order, as `notation.line` gives it."""
        return map(notation.line, self.records(resource, predicate, key))

    def columns(self, resource: str, predicate: Predicate, key: SortKey, limit: int | None) -> None:
        """No columns: the records are documents."""

    def sample(self, resource: str, predicate: Predicate, size: int, seed: int) -> None:
        """No columns: the records are documents."""

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match; counted once."""
        if isinstance(predicate, Always) or not self._manifest.of(resource):
            return self.resources().get(resource, 0)
        question = (resource, predicate)
        if question not in self._counts:
            if len(self._counts) >= REMEMBERED_MAX:
                self._counts.clear()
            with self._answering():
                self._counts[question] = self._matching(resource, predicate).count()
        return self._counts[question]

    def counts_quickly(self, resource: str) -> bool:  # noqa: ARG002 - the contract's
        """False: each count is a job of the cluster."""
        return False

    def value_counts(
        self,
        resource: str,
        predicate: Predicate,
        props: Sequence[Property],
        sample: int | None = None,  # noqa: ARG002 - all are counted
    ) -> Sequence[ValueCounts]:
        """How often each value of some properties occurs among the matches; the cluster counts."""
        if not self._manifest.of(resource):
            return [count_values((), prop.kind) for prop in props]
        with self._answering():
            counts = aggregate.value_counts(self._matching(resource, predicate), catalogue.resource(resource), props)
        for of_property in counts:
            self._check_rows(resource, predicate, of_property.matching)
        return counts

    def group(
        self, resource: str, predicate: Predicate, keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]
    ) -> GroupedRows:
        """The groups of the matches, and what is asked of each; see `Engine.group`."""
        from smsearch.cluster import grouping

        if not self._manifest.of(resource) or isinstance(predicate, Never):
            return no_rows(keys, aggregates)
        with self._answering():
            groups = grouping.group(self._matching(resource, predicate), catalogue.resource(resource), keys, aggregates)
        self._check_rows(resource, predicate, groups.matching)
        return groups

    def presence_counts(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each of some properties, how many of the matches have it."""
        if not self._manifest.of(resource):
            return [0] * len(props)
        with self._answering():
            return aggregate.presence_counts(self._matching(resource, predicate), catalogue.resource(resource), props)

    def observed_properties(self, resource: str) -> None:
        """Nothing: the records say it, one by one."""

    def find(self, resource: str, name: str) -> list[Record]:
        """The records of a resource with this name or ARN."""
        if not name or not is_unicode(name) or not self._manifest.of(resource):
            return []
        columns = identity_columns(catalogue.resource(resource))
        is_called = (F.col(NAME) == F.lit(name)) | (F.col(ARN) == F.lit(name))
        with self._answering():
            rows = self.frame(resource).filter(is_called).orderBy(*columns).select(NAME, DOCUMENT, EXPORTED).collect()
        of_name = [row for row in rows if row[NAME] == name]
        return list(_parsed(resource, [(row[DOCUMENT], row[EXPORTED]) for row in of_name or rows]))

    def sources(self, resource: str, name: str) -> list[RecordSource]:
        """Nothing: an archive does not keep where its records came from."""
        del resource, name
        return []

    def snapshots(self, resource: str, name: str) -> list[tuple[Record, ...]]:
        """None: an archive keeps them for additions alone."""
        return [() for _ in self.find(resource, name)]

    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has (`Metrics.loss`, `Tags.team`)."""
        return frozenset(name for entry in self._manifest.of(resource) for name in entry.names)

    def spellings(self, resource: str, prop: Property, near: str, at_most: int) -> list[str]:
        """Texts that records have under a property; of many, those nearest to a text in code-point order."""
        if not prop.kind.holds_text or not self._manifest.of(resource):
            return []
        place = ShapedColumn(catalogue.resource(resource).root)
        middle = F.lit(near.encode("utf-8", "replace").decode())
        text = F.col("text")
        texts = all_values(place, prop.steps, lambda cell: cell.getField("text"))
        with self._answering():
            texts_of_frame = self.frame(resource).select(F.explode(texts).alias("text")).distinct()
            before = texts_of_frame.filter(text < middle).orderBy(text.desc()).limit(at_most).collect()
            after_it = texts_of_frame.filter(text >= middle).orderBy(text).limit(at_most).collect()
        nearest = sorted(row[0] for row in (*before, *after_it))
        first = max(0, min(len(before) - at_most // 2, len(nearest) - at_most))
        return [text for text in nearest[first : first + at_most] if number_of(text, prop.kind) is None]

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found: its files, the columns that are read of them, and what their reader is handed."""
        files = self._manifest.of(resource)
        matches = min(size, self.count(resource, predicate))
        origin = "with them" if self._has_small_files(resource) else "from the files that hold them"
        return [
            f"records   {sum(entry.rows for entry in files):,} in {len(files):,} files of the archive",
            f"plan      spark {self._spark.session.version}: filter, then the first {size:,} by {key}",
            *(self._scanned(resource, predicate, key, size) if files else ()),
            f"documents {matches:,}, read {origin}",
        ]

    def _scanned(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """What Spark's own plan says of reading: the columns, and the conditions that Parquet passes rows over by."""
        output = io.StringIO()
        with self._answering(), redirect_stdout(output):  # the one way to have it from every kind of session
            order = terms(key, catalogue.resource(resource))
            matches = _sorted(self._from(resource, predicate, order, Keyset()), order, *self._rest(resource))
            matches.limit(size).explain("formatted")
        facts = dict(re.findall(r"^(PushedFilters|ReadSchema): (.*)$", output.getvalue(), re.MULTILINE))
        columns = facts.get("ReadSchema", "").removeprefix("struct<").removesuffix(">")
        return [f"columns   {columns or 'none'}", f"pushed    {facts.get('PushedFilters', '[]')[1:-1] or 'nothing'}"]

    def forget(self) -> None:
        """Drops the counts that were remembered."""
        self._counts.clear()

    def _answering(self) -> AbstractContextManager[None]:
        return self._spark.answering(self._folder)

    def frame(self, resource: str) -> DataFrame:
        """The rows of a resource, as `archive/layout.py` has them."""
        return self._frames.of(resource)


def _parsed(resource: str, documents: Sequence[_Document]) -> ParsedDocuments:
    exported = {
        place: other_types.encode() for place, (_, other_types) in enumerate(documents) if other_types is not None
    }
    return ParsedDocuments(resource, [document.encode() for document, _ in documents], lambda: exported)


def _sorted(frame: DataFrame, order: list[SortTerm], *more: Column) -> DataFrame:
    """The sort values of some records, what tells them apart the last of them, and more columns; in order."""
    keys = [f"key{at}" for at in range(len(order))]
    chosen = frame.select(*(term.carried.alias(key) for term, key in zip(order, keys, strict=True)), *more)
    return chosen.orderBy(*(term.sorted(F.col(key)) for term, key in zip(order, keys, strict=True)))
