"""The properties, and their values, that can complete a command line over the sources that it names.

For a store they are those that it holds, read from its dictionaries. Exports are not read for this: for them they are
those of the service model.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from smsearch.columnar.property_columns import column_properties
from smsearch.frozen import frozen
from smsearch.schema import catalogue
from smsearch.schema.derived import with_derived
from smsearch.schema.names import Schema
from smsearch.schema.observe import name_of_column
from smsearch.schema.value_kinds import ValueType
from smsearch.store.address import ROOT, address, column_key, names_in, table_key
from smsearch.store.column_metadata import read_column
from smsearch.store.footer_reader import FooterReader
from smsearch.store.manifest import is_store, read_manifest
from smsearch.syntax.names import expand_alias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.schema.property import Property

VALUES_MAX: Final = 200
"""The number of values that are offered at most; a longer prefix brings in the others."""
_SEARCHED_MAX: Final = 4_096
"""The number of entries of a text map that are searched: they are ordered by number, not by spelling."""


@frozen
class Candidates:
    """The schema of a resource, and its segments; without a store there are none."""

    schema: Schema
    segments: tuple[FooterReader, ...]

    def names(self) -> list[str]:
        """The properties that records have, or all that the service knows; and the derived ones of the kind."""
        fixed = [prop for prop in self.schema.properties() if "<name>" not in prop.name]
        derived = [prop.name for prop in self.schema.derived.values()]
        if not self.segments:
            return [*(prop.name for prop in fixed if prop.kind.has_values), *derived]
        keys = {key for segment in self.segments for key in segment.keys("c")}
        prefix = column_key(ROOT, "")
        pieces = (names_in(key.removeprefix(prefix)) for key in keys if key.startswith(prefix))
        own = {name for piece in pieces if (name := name_of_column(piece, self.schema)) is not None}
        there = {prop.name for prop in fixed if not keys.isdisjoint(_keys(prop))}
        return sorted({*own, *there, *derived})

    def values(self, name: str, prefix: str) -> list[str]:
        """The values of a property that begin with a prefix, the first `VALUES_MAX` of them, sorted."""
        prop = self._property(name)
        if prop is None:
            return []
        if prop.kind.type is ValueType.BOOLEAN:
            return [word for word in ("false", "true") if word.startswith(prefix)]
        if not self.segments:
            return [value for value in prop.enum if value.startswith(prefix)]
        texts = {text for segment in self.segments for text in islice(_texts(segment, prop, prefix), VALUES_MAX)}
        return sorted(texts)[:VALUES_MAX]

    def is_time(self, name: str) -> bool:
        """Whether the values of a property are times."""
        prop = self._property(name)
        return prop is not None and prop.kind.is_time

    def _property(self, name: str) -> Property | None:
        full_name = expand_alias(name, self.schema.resource.name, self.schema.knows)
        return self.schema.property(full_name) if self.schema.knows(full_name) else None

    def record_names(self, prefix: str) -> list[str]:
        """The names of records that begin with a prefix, as far as a store has them."""
        return self.values(".".join(self.schema.resource.name_path), prefix)


def candidates(sources: Sequence[str], resource: str | None, prices: str | None = None) -> Candidates:
    """The candidates of some sources; with a file of prices, Cost is among them.

    Raises:
        InvalidValueError: The file holds no prices.
        StoreError: A store is damaged or of another version.
        OSError: A file of it cannot be read.
    """
    stores = [source for source in sources if is_store(source)]
    entries = [(store, entry) for store in stores for entry in read_manifest(store).segments]
    wanted = resource or _usual([entry.resource for _, entry in entries])
    mine = [(store, entry) for store, entry in entries if entry.resource == wanted]
    segments = tuple(FooterReader(f"{store}/{entry.file}") for store, entry in mine)
    tables = (segment.metadata(table_key(ROOT)) for segment in segments)
    extras = {name: tuple(path) for table in tables if table for name, path in table.texts_by_name("extras").items()}
    schema = Schema(catalogue.resource(wanted), extras)
    if prices is None:
        return Candidates(with_derived(schema), segments)
    from smsearch.schema.prices import prices_of  # hardly a line has any

    return Candidates(with_derived(schema, prices_of(prices)), segments)


def _usual(resources: Sequence[str]) -> str:
    usual = [name for name in resources if catalogue.resource(name).searchable] or resources
    return "TrainingJob" if "TrainingJob" in usual or not usual else usual[0]


def _keys(prop: Property) -> list[str]:
    """The keys of the columns that hold a property."""
    places = [address(member.steps) for member in column_properties(prop)]
    return [column_key(place.table, place.column) for place in places]


def _texts(segment: FooterReader, prop: Property, prefix: str) -> Iterator[str]:
    for key in _keys(prop):
        yield from _texts_of(segment, key, prop, prefix)


def _texts_of(segment: FooterReader, key: str, prop: Property, prefix: str) -> Iterator[str]:
    entry = segment.metadata(key)
    references = None if entry is None else read_column(entry).dictionary.texts
    if references is None:
        return
    texts = segment.texts(references)
    if prop.kind.type is ValueType.TEXT:
        yield from texts.beginning(prefix)
    else:
        places = range(min(len(texts), _SEARCHED_MAX))
        yield from (text for text in map(texts.__getitem__, places) if text.startswith(prefix))
