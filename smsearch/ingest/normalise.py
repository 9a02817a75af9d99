"""Brings a document into the service model's spelling and types: `normalise(kind, document, notes)` makes a `Record`.

One walk along the catalogue's shapes. A part with nothing to change comes back as the very same object, so a document
that is in order already costs one pass and no copy; the caller's own is never changed. It decides how members are
spelled and what counts as absent (row F5), and notices whether every value has its type. Only if one has not, a second
walk converts them (`schema/conform.py`, row R13), and the first is walked again. Times keep the spelling they came in.
It does not know where a document was found or why it is of its kind.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from operator import is_
from typing import TYPE_CHECKING, Any, Final, cast

from smsearch.errors import ExportError
from smsearch.ingest.json_values import is_missing, json_value, key_of, listed, without_named_numbers
from smsearch.ingest.kinds import METADATA
from smsearch.ingest.sdk_values import as_pairs, unwrapped_enum, unwrapped_map
from smsearch.schema import catalogue, conform, unions, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, fold, shape
from smsearch.schema.families import family_of
from smsearch.schema.origin import NOWHERE
from smsearch.schema.record import Record
from smsearch.schema.value_kinds import JsonType
from smsearch.schema.walk import value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.conform import Misread
    from smsearch.schema.origin import Origin

    Rule = Callable[[object, "Notes"], object]

_DROPPED: Final = object()
"""What a rule returns for a value that is as good as absent."""
_SETTLED: Final[Mapping[JsonType, type]] = {
    JsonType.TEXT: str,
    JsonType.INTEGER: int,
    JsonType.NUMBER: float,
    JsonType.BOOLEAN: bool,
}
"""The Python type of a value that needs no look, by the JSON type of its kind."""
_NUMBERS: Final = frozenset({int, float, Decimal})
_TEXTS: Final = frozenset({str})
_SECONDS_MIN: Final = -62_135_596_800
_MILLISECONDS_MAX: Final = 253_402_300_799_000
"""Epoch numbers between the two, the first excluded, are times: the seconds of the year 1, the milliseconds of 9999."""
_YEAR_MIN: Final = "0002"
_YEAR_MAX: Final = "9999"
"""Between the two no offset leads out of what a datetime can say."""
_UNSET_MOMENT: Final = _SECONDS_MIN * 1_000_000
"""The first moment of the year 1: what .NET and Go have for a time that is not set, in any of their spellings."""


class Notes:
    """What walks over documents came upon.

    Attributes:
        naive_times: How many times had no offset and count as UTC.
        ambiguous_tags: How many tags were one text in which the key may end at several colons.
        extras: Paths of the plain fields of the last document that the service model does not know.
        has_misfits: Whether a value of the last document has not the type of the service model.
        misread: What of the last document cannot be read as its type, and is left out.
    """

    __slots__ = ("ambiguous_tags", "extras", "has_misfits", "misread", "naive_times")

    def __init__(self) -> None:
        self.naive_times = 0
        self.ambiguous_tags = 0
        self.begin()

    def begin(self) -> None:
        """Begins the next document."""
        self.extras: list[tuple[str, ...]] = []
        self.has_misfits = False
        self.misread: list[Misread] = []


def normalise(
    kind: str,
    document: Mapping[str, object],
    notes: Notes,
    *,
    is_partial: bool = False,
    origin: Origin = NOWHERE,
) -> Record:
    """A document as a record.

    Args:
        kind: A kind of the catalogue.
        document: Its members, of any spelling; parsed JSON or what boto3 returns. Not changed.
        notes: Counts what was met, over as many documents as the caller likes.
        is_partial: Whether its source leaves members out.
        origin: Where it was read.

    Raises:
        ExportError: It has neither ARN nor name, or holds what JSON cannot say.
    """
    resource = catalogue.resource(kind)
    notes.begin()
    try:
        members, exported = _typed(kind, document if document.__class__ is dict else dict(document), notes)
    except RecursionError:
        raise ExportError("The record is nested too deep.", hint="Export it as JSON first.") from None
    arn, name = _text_at(members, resource.arn), _text_at(members, resource.name_path)
    if not arn and not name:
        identity = f"{resource.arn[-1]} or {resource.name_path[-1]}"
        raise ExportError(f"The {kind} has neither ARN nor name.", hint=f"It needs {identity}.")
    modified = values.timestamp_of(members.get("LastModifiedTime"))
    micros = modified if isinstance(modified, int) else None
    return Record(kind, arn, name, members, micros, is_partial, tuple(notes.extras), exported, origin)


def _typed(kind: str, document: Mapping[str, object], notes: Notes) -> tuple[dict[str, Any], dict[str, object]]:
    """A document in the model's spelling and types, and those of its members that were exported in others.

    What cannot be read as its type is left out, and another spelling of the member may take its place: then what that
    one holds is walked as well, and so on.
    """
    walk, naive_times = _root(kind), notes.naive_times
    spelled = members = cast("dict[str, Any]", walk(document, notes))
    while notes.has_misfits:
        members, misread = conform.conformed(members, catalogue.resource(kind).root)
        notes.misread += misread
        notes.extras, notes.has_misfits, notes.naive_times = [], False, naive_times
        members = cast("dict[str, Any]", walk(members, notes))
    if members is spelled:
        return members, {}
    return members, {name: value for name, value in spelled.items() if members.get(name, _DROPPED) is not value}


@cache
def _root(kind: str) -> _StructureRule:
    return _StructureRule(catalogue.resource(kind).root, ())


def _text_at(members: Mapping[str, Any], path: tuple[str, ...]) -> str:
    text = values.text_of(value_at(members, path))
    return text if isinstance(text, str) else ""


def _rule(reached: Shape, path: tuple[str, ...] | None) -> Rule:
    """The rule of a shape; `path` is None inside lists and maps, whose unknown fields are not listed."""
    match reached:
        case Scalar():
            return _plain(reached)
        case Structure() if unions.is_union(reached):
            below = _StructureRule(reached, path)
            return lambda value, notes: below(unions.unwrapped(reached, value), notes)
        case Structure():
            return _StructureRule(reached, path)
        case MapOf(value):
            return _map_rule(shape(value))
        case ListOf(element):
            return _list_rule(shape(element))


def _plain(scalar: Scalar) -> Rule:
    """The rule of a plain value, by its JSON type."""
    match scalar.kind.json:
        case JsonType.TIME:
            return _time
        case JsonType.TEXT:
            is_any = scalar.may_be_empty
            return _enum_rule(scalar.enum) if scalar.enum else _plain_rule(str) if is_any else _filled_text
        case JsonType.NUMBER:
            return _number
        case json_type:
            return _plain_rule(_SETTLED[json_type])


class _StructureRule:
    """Fixed members: spelled as the model spells them, without nulls; the rules of members are made when met."""

    __slots__ = ("_path", "_rules", "_settled", "_structure")

    def __init__(self, structure: Structure, path: tuple[str, ...] | None) -> None:
        self._structure = structure
        self._path = path
        self._rules: dict[object, Rule] = {}
        self._settled = {
            name: _SETTLED[scalar.kind.json]
            for name in structure.members
            if isinstance(scalar := structure.member(name), Scalar) and scalar.kind.json in _SETTLED and not scalar.enum
        }

    def __call__(self, value: object, notes: Notes) -> object:
        if value.__class__ is not dict:
            value = _of_class(dict, value, notes)
            if value.__class__ is not dict:
                return value
        get_settled, get_rule = self._settled.get, self._rules.get
        changes: dict[object, object] | None = None
        strange: list[object] | None = None
        members = cast("dict[Any, object]", value)
        for name, member in members.items():
            if member.__class__ is get_settled(name) and (member or member.__class__ is not str):
                continue
            rule = get_rule(name)
            if rule is None:
                if name not in self._structure.members:
                    strange = strange or []
                    strange.append(name)
                    continue
                rule = self._made(name)
            new = _DROPPED if member is None else rule(member, notes)
            if new is not member:
                changes = changes or {}
                changes[name] = new
        if changes is not None or strange is not None:
            members = self._rebuilt(members, changes or {}, strange or (), notes)
        if self._structure.is_union and not unions.has_one_member(members):
            notes.has_misfits = True
        return members

    def _rebuilt(
        self, members: dict[Any, object], changes: dict[object, object], strange: Iterable[object], notes: Notes
    ) -> dict[Any, object]:
        own_members = self._structure.members
        spelled_right = {name for name in members if name in own_members and changes.get(name) is not _DROPPED}
        renamed = {name: self._adopt(name, members[name], spelled_right, changes, notes) for name in strange}
        if not changes and all(new is old for old, new in renamed.items()):
            return members
        return {
            renamed.get(name, name): new
            for name, member in members.items()
            if (new := changes.get(name, member)) is not _DROPPED
        }

    def _made(self, name: str) -> Rule:
        path = None if self._path is None else (*self._path, name)
        rule = self._rules[name] = _rule(self._structure.member(name), path)
        return rule

    def _adopt(
        self, name: object, member: object, spelled_right: set[object], changes: dict[object, object], notes: Notes
    ) -> str:
        """The name under which a member of another spelling, or none of the model's, stays; changes its value.

        The first spelling that holds something is the member; a later one is kept as a field of its own, and becomes
        the member when the first cannot be read as its type.
        """
        key = key_of(name)
        member_name = self._structure.spelled(key)
        if member is None or (member_name is None and fold(key) in METADATA):
            changes[name] = _DROPPED
            return key
        if member_name is not None and member_name not in spelled_right:
            new = (self._rules.get(member_name) or self._made(member_name))(member, notes)
            if new is not _DROPPED:
                spelled_right.add(member_name)
        else:
            is_gone = self._path == () and is_missing(member)
            member_name, new = None, _DROPPED if is_gone else without_named_numbers(json_value(member))
            if self._path is not None:
                _note_extras(new, (*self._path, key), notes)
        if new is not member:
            changes[name] = new
        return member_name or key


def _note_extras(value: object, path: tuple[str, ...], notes: Notes) -> None:
    if isinstance(value, dict):
        for name, below in value.items():
            _note_extras(below, (*path, name), notes)
    elif value is not None and not isinstance(value, list):
        notes.extras.append(path)


def _of_class(json_class: type, value: object, notes: Notes) -> object:
    """A value as parsed JSON, which should be of a class.

    EventBridge writes `""` for what is not there, pandas NaN; only a number of the service model may be NaN.
    """
    if value is None or (value.__class__ is str and not value) or (is_missing(value) and json_class is not float):
        return _DROPPED
    value = json_value(value)
    if value is None:
        return _DROPPED
    if value.__class__ is not json_class:
        notes.has_misfits = True
    return value


@cache
def _plain_rule(json_class: type) -> Rule:
    """Integers, booleans, and texts that may be empty."""

    def rule(value: object, notes: Notes) -> object:
        return value if value.__class__ is json_class else _of_class(json_class, value, notes)

    return rule


def _filled_text(value: object, notes: Notes) -> object:
    """A text that the model does not allow to be empty (row F5)."""
    return value if value.__class__ is str and value else _of_class(str, value, notes)


def _number(value: object, notes: Notes) -> object:
    """A number; JSON has no NaN and no infinite ones, and the protocol spells them as texts."""
    if value.__class__ in _NUMBERS:
        return value
    named = values.NUMBER_NAMES.get(value) if isinstance(value, str) else None
    return _of_class(float, value, notes) if named is None else named


def _time(value: object, notes: Notes) -> object:
    """A time, in the spelling that it came in; most are told by the first look."""
    if value.__class__ is str:
        moment = values.plain_datetime(value)  # pyright: ignore[reportArgumentType]
        if moment is not None and _YEAR_MIN <= value < _YEAR_MAX:  # pyright: ignore[reportOperatorIssue]
            if moment.tzinfo is None:
                notes.naive_times += 1
            return value
    elif (value.__class__ is int or value.__class__ is float) and _in_range(cast("float", value)):
        return value
    else:
        value = None if is_missing(value) else json_value(value)
    if value is None or value == "":
        return _DROPPED
    micros = values.timestamp_of(value)
    if micros == _UNSET_MOMENT:
        return _DROPPED
    if micros is values.UNREADABLE:
        notes.has_misfits = True
    elif values.has_no_offset(value):
        notes.naive_times += 1
    return value


def _in_range(epoch: float) -> bool:
    return _SECONDS_MIN < epoch <= _MILLISECONDS_MAX


@cache
def _enum_rule(enum: tuple[str, ...]) -> Rule:
    spellings = frozenset(enum)
    folded: dict[str, set[str]] = {}
    for spelling in enum:
        folded.setdefault(fold(spelling), set()).add(spelling)
    only = {key: next(iter(same)) for key, same in folded.items() if len(same) == 1}

    def rule(value: object, notes: Notes) -> object:
        if value.__class__ is str and value in spellings:
            return value
        value = _of_class(str, unwrapped_enum(value), notes)
        return only.get(fold(value), value) if isinstance(value, str) else value

    return rule


def _map_rule(reached: Shape) -> Rule:
    """A map: the keys are the user's and stay."""
    below = _rule(reached, None)
    is_of_values = isinstance(reached, Scalar)
    may_be_empty = isinstance(reached, Scalar) and reached.kind.json is JsonType.TEXT and reached.may_be_empty

    def rule(value: object, notes: Notes) -> object:
        if value.__class__ is not dict:
            value = _of_class(dict, value, notes)
            if value.__class__ is not dict:
                return value
        entries = cast("dict[Any, object]", value)
        if is_of_values and len(entries) == 1:
            entries = unwrapped_map(entries)
        if may_be_empty and _TEXTS.issuperset(map(type, entries)) and _TEXTS.issuperset(map(type, entries.values())):
            return entries
        new_entries = {key_of(key): below(entry, notes) for key, entry in entries.items()}
        if all(map(is_, new_entries.values(), entries.values())) and all(map(is_, new_entries, entries)):
            return entries
        return {key: entry for key, entry in new_entries.items() if entry is not _DROPPED}

    return rule


def _list_rule(element: Shape) -> Rule:
    family = family_of(element)
    below: list[Rule] = []  # made when first met: a shape may hold itself

    def rule(value: object, notes: Notes) -> object:
        if value.__class__ is not list:
            value = listed(value)
        if family is not None and isinstance(element, Structure):
            value = as_pairs(value, family, element, notes)
        if value.__class__ is not list:
            value = _of_class(list, value, notes)
            if value.__class__ is not list:
                return value
        if not below:
            below.append(_rule(element, None))
        apply = below[0]
        before = cast("list[object]", value)
        elements = [apply(element, notes) for element in before]
        changed = not all(map(is_, elements, before))
        if changed and _DROPPED in elements:
            elements = [element for element in elements if element is not _DROPPED]
        return elements if changed else value

    return rule
