"""The names of columns, as a query or its caller writes them, and the properties that they stand for in the matches.

A name may be an alias, a bare name, a wildcard, have quotes as in a query, or have a heading.
This module knows no condition and no format.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from smsearch.bare_names import BareNames
from smsearch.frames import columns as frame_columns
from smsearch.frames import summary as frame_summary
from smsearch.syntax.condition import names_in
from smsearch.syntax.names import expand_alias
from smsearch.syntax.text.lexer import read_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.engine import Engine
    from smsearch.engine.result_columns import ResultColumns
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.syntax.query import Query


class ColumnNames:
    """The columns of one query.

    Where a method takes names, these are names, aliases and wildcards; left out, those that the query selects.
    """

    def __init__(self, query: Query, schema: Schema, engine: Engine) -> None:
        self._query = query
        self._schema = schema
        self._engine = engine
        self._bare_names = BareNames(schema, engine)

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The properties that the conditions and the order name, in their order, each once."""
        query = self._query
        names = [] if query.condition is None else list(names_in(query.condition))
        names += [query.sort_by] if query.sort_by else []
        names += [name for name, _ in query.then_by]
        return tuple(dict.fromkeys(self._schema.property(name).name for name in names))

    def property(self, name: str) -> Property:
        """The property that a name means: its own, an alias, or a bare name.

        Raises:
            AmbiguousNameError: A bare name that may be several properties of the records.
            UnknownPropertyError: A name that the resource does not have, and that no property of the records ends in.
        """
        return self._schema.property(self._bare_names.full_name(self._without_alias(name)))

    def read(self, written: str) -> str:
        """The name that a caller wrote, without the quotes in which its parts may stand: `Tags."cost center"`.

        A key that records have with just these quotes is taken to the letter.
        """
        name = read_name(written)
        if name == written or self._without_alias(written) in self._engine.dynamic_names(self._schema.resource.name):
            return written
        return name

    def named(self, names: Iterable[str]) -> tuple[Property, ...]:
        """The properties that the conditions, the order and the columns name, each once; wildcards left out."""
        shown = (name for name in self._expanded(names) if not frame_columns.has_wildcard((name,)))
        return tuple(dict.fromkeys(self._schema.property(name) for name in (*self.mentioned, *shown)))

    def bare_names(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The bare names of the query and of columns, each with the properties that it stands for in the records."""
        bare: dict[str, tuple[str, ...]] = {name: (full,) for name, full in self._query.bare_names}
        for column, _ in self._columns(tuple(names)):
            written = self._without_alias(column)
            full_names = self._bare_names.full_names(written)
            if full_names != (written,):
                bare[column] = full_names
        return bare

    def in_records(self, records: Iterable[Record], names: Iterable[str] | str | None) -> tuple[Property, ...]:
        """The columns of some of the matches; where nobody selects any, every property that one of them has.

        A wildcard that matches only what other records have means no column; where no column is left, the name is one.

        Raises:
            UnknownPropertyError: A name that the resource does not have, or a wildcard that matches no property of
                any record, be it among the matches or not.
        """
        expanded = self._expanded(names)
        needs_present = not expanded or frame_columns.has_wildcard(expanded)
        return self._chosen(names, expanded, frame_columns.present(records, self._schema) if needs_present else ())

    def in_columns(self, matches: ResultColumns, names: Iterable[str] | str | None) -> tuple[Property, ...]:
        """As `in_records`, where columns say which properties the matches have."""
        expanded = self._expanded(names)
        present: set[Property] = set()
        if not expanded or frame_columns.has_wildcard(expanded):
            # Only documents tell a key that ends like a suffix from one that has it; only columns know extras.
            extras = (self._schema.property(name) for name in self._schema.extras)
            present.update(frame_columns.present(matches.records(0, len(matches)), self._schema))
            present.update(filter(matches.has, extras))
        return self._chosen(names, expanded, present)

    def _chosen(
        self, names: Iterable[str] | str | None, expanded: Sequence[str], present: Iterable[Property]
    ) -> tuple[Property, ...]:
        props: Sequence[Property] = frame_summary.in_order(present, self._schema)
        if expanded:
            others = self._bare_names.properties_of_records
            props = frame_columns.choose_among(expanded, props, self._schema, others)
        if not props:  # a table needs a column
            return (self._schema.property(".".join(self._schema.resource.name_path)),)
        return frame_columns.headed(props, self._headings(names)) if expanded else tuple(props)

    def _expanded(self, names: Iterable[str] | str | None) -> list[str]:
        columns = (name for name, _ in self._columns(names))
        return [full for name in columns for full in self._bare_names.full_names(self._without_alias(name))]

    def _columns(self, names: Iterable[str] | str | None) -> list[tuple[str, str]]:
        """The names of columns without quotes, each with the heading that AS gives it, or `""`."""
        written = (names,) if isinstance(names, str) else tuple(names or ())
        if written:
            columns = map(frame_columns.split_heading, written)
            return [(self.read(name), heading) for name, heading in columns]
        return list(zip(self._query.columns, self._query.headings or repeat(""), strict=False))

    def _headings(self, names: Iterable[str] | str | None) -> dict[str, str]:
        """The headings that AS gives, by property.

        Raises:
            AmbiguousNameError: A name with a heading may be several properties.
        """
        headed = [(name, heading) for name, heading in self._columns(names) if heading]
        return {self.property(name).name: heading for name, heading in headed}

    def _without_alias(self, name: str) -> str:
        return expand_alias(name, self._schema.resource.name, self._schema.knows)
