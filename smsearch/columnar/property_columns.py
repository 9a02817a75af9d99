"""Properties whose values lie in several columns of a segment: any key or value of a list of pairs, any text of a map.

Each column is that of one simpler property. A map's keys are no values of a column: they stand in its columns' keys. It
knows no row and no test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.frozen import frozen, replace
from smsearch.schema.property import EachMember, Entries, Member
from smsearch.store.address import PIECE, address, escaped, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smsearch.schema.property import Property
    from smsearch.store.table import Table


def in_one_column(prop: Property) -> bool:
    """Whether the values of a property lie in one column."""
    return not isinstance(prop.steps[-1], EachMember | Entries)


def column_properties(prop: Property) -> list[Property]:
    """The properties of one column each that hold the values, named after it; a property of one column is its own."""
    last = prop.steps[-1]
    if not isinstance(last, EachMember):
        return [prop]
    return [replace(prop, name=f"{prop.name}.{name}", steps=(*prop.steps[:-1], Member(name))) for name in last.names]


@frozen
class MapKey:
    """A key of a map, and for each member of its values the key of the column that holds it."""

    name: str
    columns: Mapping[str, str]


def map_keys_of(prop: Property, table: Table) -> Iterator[MapKey]:
    """The keys of a map that records of a segment have.

    Args:
        prop: A property that ends in `Entries`, which is in no list.
        table: The records.
    """
    last = prop.steps[-1]
    members = last.members if isinstance(last, Entries) else ()
    above = address(prop.steps[:-1]).column + PIECE
    names = {key.removeprefix(above).split(PIECE)[0] for key in table.column_keys() if key.startswith(above)}
    for name in sorted(names):
        columns = {member: f"{above}{name}{PIECE}{escaped(member)}" for member in members}
        yield MapKey(names_in(name)[0], columns)
