"""What the compiled reader is told of a kind: what may stand where in a record, and which column it goes to.

A layout is the catalogue's shapes once more, but place by place, as `flatten.py` meets them: a node for each member,
with the number of its column. What the compiled reader does not serve is `LEFT`: a record with something there is
Python's. So this module says what is served; that it is served right, the laws say that compare both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.ingest import completion, kinds, rows, shapes, summaries
from smsearch.ingest.flatten import PRESENCE, joined_key, list_path
from smsearch.schema import catalogue, notation
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, fold, shape
from smsearch.schema.families import entry_kind, keyed_family, pairs_of, targets
from smsearch.schema.value_kinds import JsonType
from smsearch.store.address import ROOT

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind

Description = tuple[Any, ...]
"""Plain tuples, numbers and texts, in the order in which `source/module.cpp` reads them."""

_MEMBERS_MAX: Final = 256
_PAIR_MEMBERS_MAX: Final = 32
_TARGETS_MAX: Final = 16
_NONE: Final = -1


class NodeType(IntEnum):
    """What may stand at a place; the numbers of `source/layout.hpp`."""

    LEFT = 0
    TEXT = 1
    INTEGER = 2
    NUMBER = 3
    BOOLEAN = 4
    TIME = 5
    STRUCTURE = 6
    MAP = 7
    LIST = 8


_PLAIN: Final = {
    JsonType.TEXT: NodeType.TEXT,
    JsonType.INTEGER: NodeType.INTEGER,
    JsonType.NUMBER: NodeType.NUMBER,
    JsonType.BOOLEAN: NodeType.BOOLEAN,
    JsonType.TIME: NodeType.TIME,
}


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a record.

    Attributes:
        type: What may stand there.
        column: The column of its values, or of its presence; -1 for none.
        may_be_empty: Whether `""` is a text.
        enum: The texts that are allowed, if the model lists them.
        members: Of a structure: names, and the numbers of their nodes.
        is_union: Whether one member is set.
        drops_metadata: Whether members that SDKs add to a response are left out.
        completions: Members that stand at the end of the stored document if they are empty or not there, and how.
        targets: Of a map or list of the user's own keys: the places of members, of which the first is stored.
        element: The node of a map's values or a list's elements.
        table: The number of a list's table.
        has_pairs: Whether a list holds pairs.
        key_member: Of such a list: the place of the member that holds the key.
        latest_member: The place of the time by which the newest pair is known; -1 for none.
    """

    type: NodeType
    column: int = _NONE
    may_be_empty: bool = True
    enum: tuple[str, ...] = ()
    members: tuple[tuple[str, int], ...] = ()
    is_union: bool = False
    drops_metadata: bool = False
    completions: tuple[tuple[int, str], ...] = ()
    targets: tuple[tuple[int, ...], ...] = ()
    element: int = 0
    table: int = 0
    has_pairs: bool = False
    key_member: int = 0
    latest_member: int = _NONE

    def described(self) -> Description:
        """The node for the compiled reader."""
        return (
            int(self.type), self.column, int(self.may_be_empty), self.enum, self.members, int(self.is_union),
            int(self.drops_metadata), self.completions, self.targets, self.element, self.table, int(self.has_pairs),
            self.key_member, self.latest_member,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """A column: its table, its key there, and what its values are."""

    table: str
    key: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class UserKeys:
    """The columns of the user's own keys in a map or a list of pairs: of each key one for each target.

    Attributes:
        table: Their table.
        key: The beginning of their keys.
        targets: What stands behind the user's key (`""` for nothing), and what the values are.
    """

    table: str
    key: str
    targets: tuple[tuple[str, Kind], ...]

    def column(self, name: str, target: int) -> ColumnPlace:
        """The column of a user's key."""
        members, kind = self.targets[target]
        key = joined_key(self.key, name)
        return ColumnPlace(self.table, joined_key(key, members) if members else key, kind)


@dataclass(slots=True)
class Layout:
    """The layout of a kind.

    Attributes:
        resource: The kind.
        nodes: Every place; the first one is left.
        columns: The columns that are known before a user's key is met.
        keys: By node, those of maps and of lists of pairs.
        tables: The paths of lists' tables.
        root: The node of a record.
    """

    resource: Resource
    nodes: list[Node] = field(default_factory=lambda: [Node(NodeType.LEFT)])
    columns: list[ColumnPlace] = field(default_factory=list)
    keys: dict[int, UserKeys] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    root: int = 0

    def described(self) -> Description:
        """The layout for the compiled reader."""
        names = [name for name, _ in self.nodes[self.root].members]
        own = kinds.own_members(self.resource.name)

        def place(name: str) -> int:
            return names.index(name) if name in names else _NONE

        return (
            tuple(node.described() for node in self.nodes),
            self.root,
            len(self.columns),
            len(self.tables),
            place(self.resource.arn[0]),
            place(self.resource.name_path[0]),
            place(self.resource.version),
            place("LastModifiedTime"),
            tuple(place(name) for name in own if name in names),
            tuple(place(name) for name in completion.needed_to_add_nothing(self.resource.name) or ()),
            tuple(place(name) for name in summaries.beyond_summaries(self.resource.name) if name in names),
            tuple(kinds.METADATA),
            int(kinds.shares_arn_member(self.resource.name)),
            f'"{self.resource.record_key}"' if shapes.stands_under_key(self.resource.name) else "",
        )


@cache
def layout_of(kind: str) -> Layout | None:
    """The layout of a kind; None for one of which every record is Python's."""
    resource = catalogue.resource(kind)
    is_deep = len(resource.arn) > 1 or len(resource.name_path) > 1
    if is_deep or resource.inner or completion.needed_to_add_nothing(kind) is None:
        return None
    return _Surveyor(resource).laid_out()


def is_usual(kind: str, names: tuple[str, ...], arn: str) -> bool:
    """Whether an object with members of these names, in this order, is a record that needs no more than the walk.

    The compiled reader asks once for each order of names, and checks values itself. Of a kind that shares the name of
    its ARNs with others it asks for each record: there the ARN says which kind it is.
    """
    if len(set(names)) != len(names) or shapes.kind_of_names(names, arn) != kind:
        return False
    return not (rows.may_be_row(names) or completion.renames(kind, names))


class _Surveyor:
    """Walks the shapes of a kind once, as `Flattener` walks a record."""

    def __init__(self, resource: Resource) -> None:
        self._layout = Layout(resource)
        self._column_numbers: dict[tuple[str, str], int] = {}
        self._above: list[str] = []  # structures that are being laid out: one that holds itself is left

    def laid_out(self) -> Layout:
        """The layout."""
        resource = self._layout.resource
        self._layout.root = self._structure(ROOT, "", resource.root, notation.completions(resource.name))
        return self._layout

    def _add(self, node: Node) -> int:
        self._layout.nodes.append(node)
        return len(self._layout.nodes) - 1

    def _column(self, table: str, key: str, kind: Kind) -> int:
        if (table, key) not in self._column_numbers:
            self._column_numbers[table, key] = len(self._layout.columns)
            self._layout.columns.append(ColumnPlace(table, key, kind))
        return self._column_numbers[table, key]

    def _node(self, table: str, key: str, reached: Shape, name: str = "") -> int:
        """The node of a shape at a place."""
        match reached:
            case Scalar():
                return self._add(_plain(reached, self._column(table, key, reached.kind)))
            case Structure() if reached.name in self._above:
                return 0
            case Structure():
                return self._structure(table, key, reached, {})
            case MapOf():
                return self._map(table, key, reached)
            case ListOf(element):
                completions = notation.completions_of_elements(self._layout.resource.name, name)
                return self._list(table, key, shape(element), pairs_of(reached), completions)

    def _structure(self, table: str, key: str, structure: Structure, completions: dict[str, str]) -> int:
        if len(structure.members) > _MEMBERS_MAX:
            return 0
        self._above.append(structure.name)
        presence = self._column(table, key, PRESENCE) if key else _NONE
        members = tuple(
            (name, self._node(table, joined_key(key, name), structure.member(name), "" if table or key else name))
            for name in structure.members
        )
        self._above.pop()
        return self._add(_structure_node(structure, members, presence, completions))

    def _map(self, table: str, key: str, reached: MapOf) -> int:
        value, kind = shape(reached.value), entry_kind(reached)
        presence = self._column(table, key, PRESENCE)
        family = keyed_family(value)
        if family is not None and isinstance(value, Structure):
            return self._user_keys(Node(NodeType.MAP, presence), table, key, value, family)
        if not isinstance(value, Scalar) or kind is None or kind.json is JsonType.TIME:
            return 0
        element = self._add(_plain(value, _NONE))
        number = self._add(Node(NodeType.MAP, presence, element=element))
        self._layout.keys[number] = UserKeys(table, key, (("", kind),))
        return number

    def _list(
        self,
        table: str,
        key: str,
        element: Shape,
        keyed: tuple[Structure, Family] | None,
        completions: dict[str, str],
    ) -> int:
        path = list_path(table, key)
        if path not in self._layout.tables:
            self._layout.tables.append(path)
        place = self._layout.tables.index(path)
        presence = _NONE if isinstance(element, Scalar) else self._column(table, key, PRESENCE)
        if isinstance(element, Scalar) and element.kind.json is JsonType.TIME:
            return 0
        if isinstance(element, Structure) and completions:
            below = self._structure(path, "", element, completions)
        else:
            below = self._node(path, "", element)
        if below == 0:
            return 0
        node = Node(NodeType.LIST, presence, element=below, table=place)
        return self._add(node) if keyed is None else self._user_keys(node, table, key, *keyed)

    def _user_keys(self, node: Node, table: str, key: str, structure: Structure, family: Family) -> int:
        """The node of a map or list in which a structure holds what stands under the user's keys."""
        wanted = targets(structure, family)
        names = list(structure.members)
        below = {name: structure.member(name) for members in wanted for name in members if name in names}
        is_plain = all(isinstance(one, Scalar) and one.kind.json is not JsonType.TIME for one in below.values())
        if not is_plain or len(names) > _PAIR_MEMBERS_MAX or len(wanted) > _TARGETS_MAX:
            return 0
        places = tuple(tuple(names.index(name) for name in members if name in names) for members in wanted)
        element = node.element or self._add(
            _structure_node(structure, tuple((name, self._loose(structure.member(name))) for name in names), _NONE, {})
        )
        number = self._add(
            Node(
                node.type,
                node.column,
                targets=places,
                element=element,
                table=node.table,
                has_pairs=bool(family.key),
                key_member=names.index(family.key) if family.key else 0,
                latest_member=names.index(family.latest_by) if family.latest_by else _NONE,
            )
        )
        self._layout.keys[number] = UserKeys(
            table, key, tuple(("|".join(members), kind) for members, kind in wanted.items())
        )
        return number

    def _loose(self, reached: Shape) -> int:
        """The node of a member that is stored under a user's key, and in no column of its own."""
        is_plain = isinstance(reached, Scalar) and reached.kind.json is not JsonType.TIME
        return self._add(_plain(reached, _NONE)) if is_plain and isinstance(reached, Scalar) else 0


def _plain(scalar: Scalar, column: int) -> Node:
    return Node(_PLAIN.get(scalar.kind.json, NodeType.LEFT), column, scalar.may_be_empty, scalar.enum)


def _structure_node(
    structure: Structure, members: tuple[tuple[str, int], ...], presence: int, completions: dict[str, str]
) -> Node:
    names = list(structure.members)
    return Node(
        NodeType.STRUCTURE,
        presence,
        members=members,
        is_union=structure.is_union,
        drops_metadata=kinds.METADATA.isdisjoint(map(fold, names)),
        completions=tuple((names.index(name), written) for name, written in completions.items()),
    )
