"""Which columns a table of records has: names in a schema's spelling, chosen with wildcards or by default.

A column is a property. Structures are flattened to dotted names, and so are the user's own keys
(`HyperParameters.lr`, `Tags.team`, `Metrics.loss`); a list of structures is one column. It does not read a
value: that is `schema/read.py`, and what a column's values become is `arrow.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError, UnknownPropertyError
from smsearch.frozen import frozen, replace
from smsearch.schema import read, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import FAMILIES, METRICS, family_of, metrics_alias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.families import Family
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

WILDCARD: Final = "*"
_AS: Final = r"""(?sx)
    ( (?: [^"`] | "(?:[^"]|"")*" | `[^`]*` )+? ) \s+ (?ai:as) \s+
    (?: "((?:[^"]|"")+)" | ([^\s"]+) ) \s*"""
"""A name, in which AS may stand in quotes, and its heading."""


def choose(names: Iterable[str], records: Iterable[Record], schema: Schema) -> tuple[Property, ...]:
    """The columns that names mean, each once, in the order of the names.

    A name without `*` is a property, whether or not a record has it. One with `*` means the properties that
    a record has and that match; fixed segments match in any case, the user's own keys exactly (row F6).

    Raises:
        UnknownPropertyError: A name that the resource does not have, or a wildcard that nothing matches.
    """
    written = tuple(names)
    return choose_among(written, present(records, schema) if has_wildcard(written) else (), schema)


def split_heading(column: str) -> tuple[str, str]:
    """A column's name and the heading that AS gives it, or `""`: `Tags.team AS team`, `Tags.team AS "the team"`."""
    match = re.fullmatch(_AS, column)
    return (column, "") if match is None else (match[1].strip(), match[3] or match[2].replace('""', '"'))


def headed(props: Iterable[Property], headings: Mapping[str, str]) -> tuple[Property, ...]:
    """The columns under other headings.

    Raises:
        InvalidValueError: Two columns would have the same heading.
    """
    columns = tuple(replace(prop, name=headings.get(prop.name, prop.name)) for prop in props)
    for heading, count in Counter(column.name for column in columns).items():
        if count > 1:
            raise InvalidValueError(f"{count} columns are called {heading}.", path="columns", hint="Name them apart.")
    return columns


def has_wildcard(names: Iterable[str]) -> bool:
    """Whether choosing by these names needs to know what the records have."""
    return any(WILDCARD in name for name in names)


def choose_among(
    names: Iterable[str],
    observed: Sequence[Property],
    schema: Schema,
    of_others: Callable[[], Sequence[Property]] = tuple,
) -> tuple[Property, ...]:
    """The columns that names mean, as `choose` finds them, where it is known what the records have.

    Args:
        names: The names and wildcards.
        observed: What the records of the table have.
        schema: Their schema.
        of_others: What records have that are not in the table. A wildcard that matches only such properties
            means no column, and is no mistake. It is called for a wildcard that matches nothing `observed`.

    Raises:
        UnknownPropertyError: A name that the resource does not have, or a wildcard that nothing matches.
    """
    chosen: dict[str, Property] = {}
    for name in names:
        if WILDCARD not in name:
            props: Sequence[Property] = (schema.property(name, "columns"),)
        else:
            props = _matching(name, observed, schema)
            if not props and not _matching(name, of_others(), schema):
                message = f"No {schema.resource.name} record here has a property that matches {name}."
                raise UnknownPropertyError(message, path="columns", hint="`*` stands for any characters, dots too.")
        for prop in props:
            chosen.setdefault(prop.name, prop)
    return tuple(chosen.values())


def _matching(pattern: str, props: Sequence[Property], schema: Schema) -> list[Property]:
    folded_lengths = _folded_lengths(props, schema)
    return [prop for prop, length in zip(props, folded_lengths, strict=True) if _matches(prop.name, length, pattern)]


def present(records: Iterable[Record], schema: Schema) -> tuple[Property, ...]:
    """Every property that a record has, in the order of `coverage`."""
    return tuple(coverage(records, schema))


def coverage(records: Iterable[Record], schema: Schema, *, inside_lists: bool = False) -> dict[Property, int]:
    """Every property that a record has, with how many records have it.

    Those of the catalogue come in its order, then what only the data has. The user's own keys stand where
    their family stands, in code-point order.

    Args:
        records: Read once.
        schema: Their schema.
        inside_lists: Whether to count what is flattened or inside a list beside the list or map as a whole:
            all that a query can ask about, more than a table has columns.
    """
    counts: Counter[str] = Counter()
    apart = [*(_named_apart(schema) if inside_lists else ()), *map(schema.property, schema.extras)]
    for record in records:
        counts.update(set(_PropertyNames(inside_lists).names(record.document, schema.resource.root, "")))
        counts.update(prop.name for prop in apart if read.raw_values(record.document, prop.steps))
    # A key that no name can say, such as "", is in the document only.
    found = {schema.property(name): count for name, count in counts.items() if schema.knows(name)}
    return {prop: found[prop] for prop in in_order(found, schema)}


def in_order(props: Iterable[Property], schema: Schema) -> list[Property]:
    """Properties in the order of `coverage`."""
    places = _catalogue_places(schema)
    return sorted(props, key=lambda prop: (_place(prop.name, places), prop.name))


def _named_apart(schema: Schema) -> tuple[Property, ...]:
    """Properties whose name is not the way to their values, such as FeatureGroup's AllTags (row F6)."""
    members = schema.resource.root.members
    heads = {prop.name: prop.name.partition(".")[0] for prop in schema.properties() if prop.name not in schema.extras}
    return tuple(schema.property(name) for name, head in heads.items() if head not in members and head != METRICS)


@frozen
class _PropertyNames:
    """Walks down a document along its shapes, to the name of each property that is present."""

    inside_lists: bool

    def names(self, current: object, reached: Shape, prefix: str) -> Iterator[str]:
        if isinstance(reached, Structure) and isinstance(current, dict):
            for member in current.keys() & reached.members.keys():
                name = f"{prefix}.{member}" if prefix else member
                yield from self.names(current[member], reached.member(member), name)
        elif isinstance(reached, MapOf) and isinstance(current, dict):
            yield from self._map(current, shape(reached.value), prefix)
        elif isinstance(reached, ListOf) and isinstance(current, list):
            yield from self._list(current, shape(reached.element), prefix)
        elif values.is_present(current):
            yield prefix

    def _list(self, elements: list[object], element: Shape, prefix: str) -> Iterator[str]:
        family = family_of(element)
        is_family = family is not None and bool(family.key)
        if (self.inside_lists or not is_family) and values.is_present(elements):
            yield prefix
        if family is not None and is_family:
            yield from _pairs(elements, family, metrics_alias(prefix))
        if self.inside_lists and isinstance(element, Structure) and not (family and family.hides_members):
            for inner in elements:
                if isinstance(inner, dict):
                    yield from self.names(inner, element, prefix)

    def _map(self, entries: dict[str, object], value: Shape, prefix: str) -> Iterator[str]:
        is_family = isinstance(value, Scalar) or (isinstance(value, Structure) and value.name in FAMILIES)
        if (self.inside_lists or not is_family) and values.is_present(entries):
            yield prefix
        if is_family:
            yield from _entries(entries, value, prefix)


def _pairs(pairs: list[object], family: Family, prefix: str) -> Iterator[str]:
    """The names of a list of pairs, with each statistic that is there (row F17)."""
    for pair in pairs:
        key = pair.get(family.key) if isinstance(pair, dict) else None
        if not isinstance(pair, dict) or not isinstance(key, str) or not key:
            continue
        suffixes = [suffix for suffix in family.suffixes if values.is_present(pair.get(suffix))]
        yield from (f"{prefix}.{key}.{suffix}" for suffix in suffixes)
        if not family.suffixes and any(values.is_present(pair.get(member)) for member in family.value):
            yield f"{prefix}.{key}"


def _entries(entries: dict[str, object], value: Shape, prefix: str) -> Iterator[str]:
    """The names of a map from the user's keys to values, or to structures that hold one."""
    family = FAMILIES[value.name] if isinstance(value, Structure) else None
    for key, entry in entries.items():
        if family is None:
            if values.is_present(entry):
                yield f"{prefix}.{key}"
            continue
        members = entry if isinstance(entry, dict) else {}
        if any(values.is_present(members.get(member)) for member in family.value):
            yield f"{prefix}.{key}"
        others = (member for member in family.suffixes if member not in family.value)
        yield from (f"{prefix}.{key}.{member}" for member in others if values.is_present(members.get(member)))


def _catalogue_places(schema: Schema) -> dict[str, int]:
    """Where the catalogue lists a static name, or a family's prefix."""
    places: dict[str, int] = {}
    for place, prop in enumerate(schema.properties()):
        places.setdefault(prop.name.partition("<name>")[0], place)
    return places


def _place(name: str, places: dict[str, int]) -> int:
    """A name's own place, or that of the longest family prefix that it begins with; else the last."""
    if name in places:
        return places[name]
    end = name.find(".")
    place = len(places)
    while end >= 0:
        place = places.get(name[: end + 1], place)
        end = name.find(".", end + 1)
    return place


def _folded_lengths(properties: Sequence[Property], schema: Schema) -> list[int]:
    """How much of each name is fixed segments, which match in any case; the rest is the user's own key."""
    families = schema.families()
    lengths = []
    for prop in properties:
        prefixes = [prefix for prefix in families if prop.name.startswith(prefix)]
        lengths.append(max(map(len, prefixes)) if prefixes else len(prop.name))
    return lengths


def _matches(name: str, folded_length: int, pattern: str) -> bool:
    """Whether a name is a wildcard pattern's, each `*` any number of characters.

    Taking every piece of the pattern as far left as it is found decides it without backtracking.
    """
    first, *between, last = pattern.split(WILDCARD)
    at = len(first)
    end = len(name) - len(last)
    if end < at or not _same(name, 0, first, folded_length) or not _same(name, end, last, folded_length):
        return False
    for piece in between:
        places = range(at, end - len(piece) + 1)
        found = next((place for place in places if _same(name, place, piece, folded_length)), None)
        if found is None:
            return False
        at = found + len(piece)
    return True


def _same(name: str, at: int, piece: str, folded_length: int) -> bool:
    """Whether a piece of a pattern stands at a place of a name."""
    fixed = max(0, min(folded_length - at, len(piece)))
    there = name[at : at + len(piece)]
    return there[:fixed].lower() == piece[:fixed].lower() and there[fixed:] == piece[fixed:]
