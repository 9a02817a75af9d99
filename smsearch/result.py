"""The result of a query: every match, in order, without a limit; evaluated when it is asked for.

A result holds what was meant, not what was found: after the records change it answers anew.
"""

from __future__ import annotations

import warnings
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, overload

from smsearch.errors import InvalidValueError, SmsearchWarning
from smsearch.explainable import Explainable
from smsearch.frames.tabular import Tabular
from smsearch.frozen import replace
from smsearch.predicate import bind
from smsearch.predicate.bind_condition import bind_condition
from smsearch.predicate.predicate import Match, Present, all_of
from smsearch.syntax import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from smsearch.column_names import ColumnNames
    from smsearch.engine.engine import Engine
    from smsearch.engine.result_columns import ResultColumns
    from smsearch.engine.value_counts import ValueCounts
    from smsearch.facets.facet import Facet
    from smsearch.frames.sample import Sample
    from smsearch.frames.summary import SummaryColumn
    from smsearch.groups.ask import Groups
    from smsearch.groups.table import GroupTable
    from smsearch.plots.charts import Charts
    from smsearch.policy import Policy
    from smsearch.predicate.predicate import Predicate
    from smsearch.reasons.bound_query import BoundQuery
    from smsearch.reasons.overlap import Overlap
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.syntax.grouping import Grouping
    from smsearch.syntax.query import Query

_PAGE_MAX: Final = 2_000
"""Matches of the longest page."""


class Result(Tabular, Explainable):
    """The matches of one query.

    Iterating gives documents as boto3 does, times as aware datetimes; `len` counts them; a query's LIMIT
    bounds both.

    Attributes:
        query: What was asked, aliases expanded.
        schema: What can be asked of the resource.
    """

    def __init__(self, engine: Engine, schema: Schema, query: Query, policy: Policy) -> None:
        if query.expression is not None:
            check.check(query.expression, schema.resource.name, policy)
        if query.wider is not None:
            check.check_wider(query.wider)
        self.query = query
        self.schema = schema
        self._engine = engine
        self._policy = policy
        self._warnings: tuple[str, ...] | None = None
        self._bound = bind_condition(query.condition, schema, policy)
        self._predicate = self._bound.predicate
        self._key = bind.bind_sort(query.sort_by, query.sort_order, schema, then_by=query.then_by)

    @cached_property
    def _names(self) -> ColumnNames:
        from smsearch.column_names import ColumnNames  # who shows no columns does without

        return ColumnNames(self.query, self.schema, self._engine)

    @property
    def resource(self) -> str:
        """The resource that was searched."""
        return self.schema.resource.name

    @property
    def total(self) -> int:
        """How many records match, whatever the LIMIT."""
        return self._engine.count(self.resource, self._predicate)

    @property
    def counts_quickly(self) -> bool:
        """Whether counts of the records take milliseconds; on a cluster they do not."""
        return self._engine.counts_quickly(self.resource)

    @property
    def plot(self) -> Charts:
        """Figures of all matches, whatever the LIMIT: `plot.scatter("HyperParameters.lr", "Metrics.acc")`."""
        from smsearch.plots.charts import Charts

        return Charts(self)

    def limited(self, limit: int) -> Result:
        """The same result with at most so many matches."""
        at_most = limit if self.query.limit is None else min(limit, self.query.limit)
        return Result(self._engine, self.schema, replace(self.query, limit=at_most), self._policy)

    def records(self) -> Iterator[Record]:
        """The matches in order, at most LIMIT of them."""
        matches = self._engine.records(self.resource, self._predicate, self._key)
        return islice(self._distinct(matches) if self.query.is_distinct else matches, self.query.limit)

    def _distinct(self, matches: Iterator[Record]) -> Iterator[Record]:
        """The first of the records that have equal values in all columns (row T5)."""
        from smsearch.frames import columns as frame_columns
        from smsearch.frames.distinct import distinct

        if not frame_columns.has_wildcard(self.query.columns):
            return distinct(matches, self.columns_of(()))
        records = list(matches)
        return distinct(records, self.columns_of(records))

    def between(self, start: int, stop: int) -> Sequence[Record]:
        """The matches from `start` to before `stop`, counted from 0, as far as the LIMIT allows.

        A store reads only these; elsewhere the first of them are the end of one long page.
        """
        end = stop if self.query.limit is None else min(stop, self.query.limit)
        matches = self._matching_columns(end)
        if matches is not None:
            return matches.records(min(start, len(matches)), len(matches))
        if end <= _PAGE_MAX and not self.query.is_distinct:
            page = self._engine.page(self.resource, self._predicate, self._key, b"", max(end, 1), total=0)
            return [page.records[place] for place in range(start, min(len(page.records), end))]
        return list(islice(self.records(), start, end))

    def sample(self, names: Iterable[str], size: int, seed: int = 0, having: Iterable[str] = ()) -> Sample:
        """Some of all matches, whatever the LIMIT, as a table of columns; each match is as likely as any other.

        Args:
            names: Properties, aliases and bare names; a column each, in their order.
            size: At most how many matches are taken; where there are no more, all.
            seed: Equal seeds take equal matches, as long as the records are the same.
            having: Properties that a match must have to be taken, or to be counted among those that the sample is of.

        Raises:
            UnknownPropertyError: A name that the resource does not have.
        """
        from smsearch.frames import sample

        props = [self.property(name) for name in names]
        predicate = self._having(having)
        total = self._engine.count(self.resource, predicate)
        columns = self._engine.sample(self.resource, predicate, size, seed)
        if columns is not None:
            return sample.of_columns(columns, total, props)
        return sample.of_records(self._engine.records(self.resource, predicate, self._key), total, size, seed, props)

    def _having(self, names: Iterable[str]) -> Predicate:
        """The condition of the matches that have some properties."""
        return all_of([self._predicate, *(Match(self.property(name), Present()) for name in names)])

    def sampled_coverage(self, size: int, seed: int = 0, having: Iterable[str] = ()) -> dict[Property, int]:
        """As `coverage`, of a sample of the matches: which properties are worth a look, without counting all.

        Args:
            size: At most how many matches are looked into.
            seed: As for `sample`.
            having: As for `sample`.
        """
        from smsearch.frames import columns as frame_columns

        predicate = self._having(having)
        columns = self._engine.sample(self.resource, predicate, size, seed)
        if columns is not None:
            return frame_columns.coverage(columns.records(0, len(columns)), self.schema)
        records = islice(self._engine.records(self.resource, predicate, self._key), size)
        return frame_columns.coverage(records, self.schema)

    def _matching_columns(self, limit: int | None) -> ResultColumns | None:
        """The first matches as columns; None if the engine has none, or if equal rows are given once."""
        is_distinct = self.query.is_distinct
        return None if is_distinct else self._engine.columns(self.resource, self._predicate, self._key, limit)

    def names(self) -> Iterator[str]:
        """The names of the matches in order; the ARN of one that has no name."""
        if self.query.is_distinct:
            return (record.called for record in self.records())
        return islice(self._engine.names(self.resource, self._predicate, self._key), self.query.limit)

    def lines(self) -> Iterator[bytes]:
        """The matches in order as they were exported, each a line of JSON, times in ISO 8601 in UTC."""
        if self.query.is_distinct:
            from smsearch.schema import notation

            return map(notation.line, self.records())
        return islice(self._engine.lines(self.resource, self._predicate, self._key), self.query.limit)

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The properties that the conditions and the order name, in their order, each once."""
        return self._names.mentioned

    def unseen(self, columns: Iterable[str] = ()) -> dict[str, str]:
        """Names of the user's own (metrics, tags ...) that the query or a column asks about and no record has.

        Such a name is no error (row F7), but often a slip.

        Args:
            columns: Names, aliases and wildcards; left out, those that the query selects.

        Returns:
            Each with the nearest name that a record has, or `""`.
        """
        from smsearch.reasons import unseen

        return unseen.unseen(self._names.named(columns), self.schema, self._engine)

    def warnings(self) -> tuple[str, ...]:
        """What is correct and probably meant otherwise: names that no record has, and traps of values; a sentence each.

        Values are looked into only where counts take milliseconds. Found once, for the records as they are then.
        """
        if self._warnings is None:
            from smsearch.reasons import unseen

            sentences = unseen.sentences(self.resource, self.unseen())
            if self.counts_quickly:
                from smsearch.reasons import traps

                sentences += traps.traps(self._bound_query)
            self._warnings = tuple(sentences)
        return self._warnings

    def warnings_of(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The names among some columns that no record has, and that the query does not ask about; a sentence each."""
        of_query = self.unseen(())
        others = {name: near for name, near in self.unseen(columns).items() if name not in of_query}
        from smsearch.reasons import unseen

        return tuple(unseen.sentences(self.resource, others))

    def _warn_of(self, columns: tuple[str, ...]) -> None:
        if columns and self.counts_quickly:
            for sentence in self.warnings_of(columns):
                warnings.warn(sentence, SmsearchWarning, stacklevel=3)

    def unpriced(self, columns: Iterable[str] = ()) -> dict[str, int]:
        """How many records ran on each instance type without a price, if the query or a column names Cost (row V6)."""
        from smsearch.reasons import unpriced

        return unpriced.unpriced([prop.name for prop in self._names.named(columns)], self.schema, self._engine)

    def columns_of(self, records: Iterable[Record], names: Iterable[str] | str | None = None) -> tuple[Property, ...]:
        """The properties that a table of some of the matches has as its columns.

        Args:
            records: The matches, read once if there is a wildcard or no name.
            names: Names and aliases, `*` standing for any characters; left out, those that the query selects,
                or else every property that one of the records has.

        Raises:
            UnknownPropertyError: A name that the resource does not have, or a wildcard that nothing matches.
        """
        return self._names.in_records(records, names)

    def summary_of(
        self, records: Sequence[Record], coverage: Mapping[Property, int] | None = None
    ) -> tuple[SummaryColumn, ...]:
        """The columns of a table of some of the matches where nobody chooses them; see `frames/summary.py`."""
        from smsearch.frames import summary as frame_summary

        return frame_summary.summary(records, self.schema, self.mentioned, coverage)

    def bare_names(self, columns: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
        """The bare names of the query and of columns, each with the properties that it stands for in the records.

        Only a column stands for several.

        Args:
            columns: Names, aliases and wildcards; left out, those that the query selects.
        """
        return self._names.bare_names(columns)

    def to_reader(self, columns: Iterable[str] | str | None = None, *more: str) -> pa.RecordBatchReader:
        """The result as a stream of Arrow record batches, made as they are asked for; see `to_arrow`."""
        from smsearch.frames import arrow

        if more:
            columns = (*((columns,) if isinstance(columns, str) else columns or ()), *more)
        if self.query.grouping is not None and columns is None:
            return self.groups().to_arrow().to_reader()
        self._warn_of((columns,) if isinstance(columns, str) else tuple(columns or ()))
        matches = self._matching_columns(self.query.limit)
        if matches is not None:
            return arrow.stream(matches, self._names.in_columns(matches, columns))
        records = list(self.records())
        return arrow.reader(records, self.columns_of(records, columns))

    def overlap(self, other: Result) -> Overlap:
        """The records that only this result has, those that only the other has, and how many both have.

        Raises:
            InvalidValueError: The results are of different resources or records, or one of them has a LIMIT.
        """
        from smsearch.reasons import overlap

        return overlap.overlap(self._bound_query, other._bound_query)

    @property
    def _bound_query(self) -> BoundQuery:
        from smsearch.reasons.bound_query import BoundQuery

        return BoundQuery(self._engine, self.schema, self.query, self._policy, self._bound, self._key)

    def facet(self, name: str, limit: int | None = None, sample: int | None = None) -> Facet:
        """The values of a property among all matches, whatever the LIMIT, with how many records have each.

        Of a family or a structure (`Tags`, `ResourceConfig`), the names in it. See `smsearch.facets.facet`.

        Args:
            name: A property's name or alias; parts may stand in quotes, as in a query.
            limit: At most how many values are listed; left out, all. The facet says how many more there are.
            sample: Of how many matches it is enough to count the values; `Facet.matching` says how many were. The names
                in a family or a structure are those of all matches.

        Raises:
            UnknownPropertyError: A name that the resource does not have.
        """
        from smsearch.facets import facet

        prop = self.property(name)
        self._warn_of((name,))
        (counts,) = self.value_counts([prop], sample if prop.kind.has_values else None)
        if prop.kind.has_values:
            return facet.of_values(prop, counts, limit)
        inner = facet.properties_inside(prop, self.schema, self._engine.dynamic_names(self.resource))
        present = self.presence_counts(inner)
        return facet.of_names(prop, counts, zip(inner, present, strict=True), limit)

    def property(self, name: str) -> Property:
        """The property that a name means: its own, an alias, or a bare name; parts may stand in quotes, as in a query.

        Raises:
            AmbiguousNameError: A bare name that may be several properties of the records.
            UnknownPropertyError: A name that the resource does not have, and that no property of the records ends in.
        """
        return self._names.property(self._names.read(name))

    def value_counts(self, props: Sequence[Property], sample: int | None = None) -> list[ValueCounts]:
        """For each property, how many of all matches have each of its values, whatever the LIMIT.

        Args:
            props: The properties.
            sample: Of how many matches it is enough to count the values; `ValueCounts.matching` says how many were.
        """
        return list(self._engine.value_counts(self.resource, self._predicate, props, sample))

    def presence_counts(self, props: Sequence[Property]) -> list[int]:
        """For each property, how many of all matches have it, whatever the LIMIT."""
        return self._engine.presence_counts(self.resource, self._predicate, props)

    def coverage(self) -> dict[Property, int]:
        """Every property that one of the matches has, whatever the LIMIT, with how many have it, in catalogue order."""
        from smsearch.frames import columns as frame_columns

        observed = self._engine.observed_properties(self.resource)
        if observed is None:
            every = self._engine.records(self.resource, self._predicate, self._key)
            return frame_columns.coverage(every, self.schema, inside_lists=True)
        counts = self.presence_counts(observed)
        having = {prop: count for prop, count in zip(observed, counts, strict=True) if count}
        return {prop: having[prop] for prop in frame_columns.in_order(having, self.schema)}

    def groups(self) -> GroupTable:
        """The groups that the query asks for, with GROUP BY or functions among its columns; evaluated now.

        Raises:
            InvalidValueError: The query asks for none, or for what its properties do not have.
            LimitExceededError: There are more groups than an answer may have.
        """
        if self.query.grouping is None:
            raise InvalidValueError("The query asks for records, not for groups.", hint="Add GROUP BY.")
        return self.grouped(self.query.grouping, self.query.limit)

    def group_by(self, *keys: str) -> Groups:
        """The matches in groups, whatever the LIMIT; `agg` says what of each.

        Args:
            keys: Properties, aliases, or `month(created)`, `bin(BillableTimeInSeconds, 100)`; none for one group.
        """
        from smsearch.groups.ask import Groups

        return Groups(self.grouped, keys)

    def grouped(self, grouping: Grouping, limit: int | None) -> GroupTable:
        """All matches in groups, at most `limit` of them, whatever the query's LIMIT."""
        from smsearch.groups import bind as bind_groups
        from smsearch.groups.table import make_table

        bound_grouping = bind_groups.bind(grouping, self._names.property)
        rows = self._engine.group(self.resource, self._predicate, bound_grouping.keys, bound_grouping.aggregates)
        return make_table(rows, bound_grouping, limit)

    def first(self) -> dict[str, Any] | None:
        """The first match, or None."""
        return next(iter(self), None)

    def explain(self) -> str:
        """How the query is understood, which limits it uses, what each condition keeps, and how a page is found."""
        from smsearch.reasons import explained

        return "\n".join(explained.explained(self._bound_query, self.bare_names()))

    def head(self, n: int = 5) -> Result:
        """The result of the first matches, which a notebook shows and which has frames of its own."""
        return self.limited(n)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """A match, or a list of matches as they are now: a slice of a query could change with the records."""
        if self.query.grouping is not None:
            return list(self.groups())[index]
        from smsearch.api import response

        if isinstance(index, int):
            at = range(len(self))[index]
            return response.document(self.between(at, at + 1)[0], response.BOTO3)
        places = range(len(self))[index]
        first = min(places, default=0)
        records = self.between(first, max(places, default=-1) + 1)
        return [response.document(records[place - first], response.BOTO3) for place in places]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self.query.grouping is not None:
            return iter(self.groups())
        from smsearch.api import response

        return (response.document(record, response.BOTO3) for record in self.records())

    def __len__(self) -> int:
        if self.query.grouping is not None:
            return len(self.groups())
        if self.query.is_distinct:
            return sum(1 for _ in self.records())
        return self.total if self.query.limit is None else min(self.total, self.query.limit)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __repr__(self) -> str:
        return f"<smsearch.Result: {len(self)} of {self.resource}>"

    def _repr_html_(self) -> str:
        """The first matches and how many there are, or why there is none, for a notebook."""
        if self.query.grouping is not None:
            return self.groups()._repr_html_()
        if not self.total:
            return self.diagnose()._repr_html_()
        from smsearch.frames import summary as frame_summary
        from smsearch.frames.table_text import html_table
        from smsearch.notebook import html

        records = self.between(0, html.ROWS_MAX)
        columns = self.summary_of(records)
        if self.query.columns:
            columns = tuple(frame_summary.SummaryColumn(prop.name, (prop,)) for prop in self.columns_of(records))
        cut = [f"the first {len(records)} of {len(self):,}"] if len(records) < len(self) else []
        return html.figure(
            f"{len(self):,} {self.resource} of {self.total:,} that match", [html_table(records, columns)], cut
        )
