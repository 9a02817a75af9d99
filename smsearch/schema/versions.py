"""Version resolution: which snapshots are one record, and what they tell together (rows D1, D2 and D3).

A *snapshot* is one record as it was read. Snapshots of one key are a *class*. A class by name belongs to the class with
an ARN that has this key among its aliases, if there is exactly one. A class and those that belong to it are a *group*,
and a group is one record. Functions take snapshots in their order of arrival. This module knows no collection, no store
and no file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from smsearch.frozen import replace
from smsearch.schema import catalogue, notation, values
from smsearch.schema.catalogue import Structure
from smsearch.schema.walk import value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from smsearch.schema.catalogue import Resource
    from smsearch.schema.record import Record

    Merge = Callable[[dict[str, Any], Mapping[str, Any], Structure], dict[str, Any]]
    """Puts members of a second document into a first; the same object if that changes nothing."""

Key = tuple[str, str, str]
"""ARN, name and version of a class; those that do not tell classes apart are `""`."""
Path = tuple[str, ...]
Name = TypeVar("Name", bound="Hashable")

_NO_STRUCTURE: Final = ""
"""Ends the path of a value that stands where the service model has a structure, and is none."""


def key(record: Record) -> Key:
    """The class of a snapshot: by ARN, or by name where it has no ARN (row D1)."""
    return key_and_aliases(record)[0]


def aliases(record: Record) -> tuple[Key, ...]:
    """The keys of the classes that say less of who they are, and may belong to this snapshot's class.

    A class by name may belong to one with an ARN; of a kind with versions, a class without one to a class with one.
    """
    return key_and_aliases(record)[1]


def key_and_aliases(record: Record) -> tuple[Key, tuple[Key, ...]]:
    """What `key` and `aliases` return."""
    resource = catalogue.resource(record.resource)
    return keys_of(resource, record.arn, record.name, version_of(record) if resource.version else "")


def keys_of(resource: Resource, arn: str, name: str, version: str) -> tuple[Key, tuple[Key, ...]]:
    """What `key` and `aliases` return for a snapshot with this ARN, name and version, each of which may be `""`."""
    if not arn:
        return ("", name, version), ((("", name, ""),) if version else ())
    own = (arn, name if resource.arn_is_shared else "", version)
    named = (("", name, version),) if name else ()
    if not version:
        return own, named
    return own, (*named, *((("", name, ""),) if name else ()), (arn, "", ""))


def owners(aliases_of: Mapping[Name, Iterable[Name]]) -> dict[Name, Name]:
    """The class that each class belongs to; those that stand for themselves are left out.

    A class belongs to the only one that has its key among its aliases and stands for itself. `n` by name belongs to the
    ARN `A`; as soon as `B` has the name too, it stands for itself:

        {A: [n], n: []}             {n: A}
        {A: [n], B: [n], n: []}     {}

    Args:
        aliases_of: Of each class its aliases; those that are no class are passed over.
    """
    holders: dict[Name, list[Name]] = {}
    for name, others in aliases_of.items():
        for alias in others:
            if alias in aliases_of:
                holders.setdefault(alias, []).append(name)
    owner_of: dict[Name, Name | None] = {}

    def owner(name: Name) -> Name | None:
        if name not in owner_of:
            roots = [holder for holder in holders.get(name, ()) if owner(holder) is None]
            owner_of[name] = roots[0] if len(roots) == 1 else None
        return owner_of[name]

    return {name: root for name in holders if (root := owner(name)) is not None}


def aliases_max(resource: str) -> int:
    """How many aliases a snapshot of a resource can have."""
    return 3 if catalogue.resource(resource).version else 1


def identity(record: Record) -> tuple[str, str, str]:
    """ARN, name and version: no two records of a resource share all three, and ties go by them (row S4)."""
    return (record.arn, record.name, version_of(record))


def version_of(record: Record) -> str:
    """What tells a record apart from those that share its ARN and its name, or `""`."""
    member = catalogue.resource(record.resource).version
    text = values.text_of(record.document.get(member)) if member else ""
    return text if isinstance(text, str) else ""


def needed(snapshots: Sequence[Record]) -> list[int]:
    """The snapshots of one class that can still matter, whatever else arrives.

    These are the newest full one, and each summary that has a member that no newer one has. A snapshot that comes again
    unchanged is the one that came first.

    Invariant: `needed(needed(A) + B)` are the snapshots of `needed(A + B)`, so what is left out never matters again.

        full      modified 2   {A, B}      needed: the newest full one
        summary   modified 1   {A}         not needed: the next one has A, and is newer
        summary   modified 3   {A, C}      needed

    Args:
        snapshots: In their order of arrival.

    Returns:
        Places in `snapshots`, ascending.
    """
    if len(snapshots) == 1:
        return [0]
    full: int | None = None
    summaries: dict[int, frozenset[Path]] = {}
    for place, snapshot in enumerate(snapshots):
        if not snapshot.is_partial:
            if full is None or _is_newer(snapshot, snapshots[full]):
                full = place
        elif not any(_is_equal(snapshots[other], snapshot) for other in summaries):
            summaries = _with_summary(snapshots, summaries, place)
    return sorted([*summaries, *(() if full is None else (full,))])


def _is_newer(snapshot: Record, full: Record) -> bool:
    """Whether a full snapshot takes the place of one that arrived before."""
    return _time(snapshot) >= _time(full) and not _is_equal(snapshot, full)


def _with_summary(
    snapshots: Sequence[Record], summaries: dict[int, frozenset[Path]], place: int
) -> dict[int, frozenset[Path]]:
    """The needed summaries with one that arrives, by place, each with its members."""
    members, time = _members(snapshots[place]), _time(snapshots[place])
    if any(time < _time(snapshots[at]) and members <= other for at, other in summaries.items()):
        return summaries
    newer = {at: other for at, other in summaries.items() if time < _time(snapshots[at]) or not other <= members}
    return {**newer, place: members}


def merged(snapshots: Sequence[Record]) -> Record:
    """What the snapshots of one group tell together (row D2).

    The newest full one's members; each newer summary replaces the members that it carries, oldest first; each older
    one adds what is missing, newest first. Without a full one the newest summary counts as such.

    Args:
        snapshots: In their order of arrival; one at least.

    Returns:
        One of the snapshots itself, if the others change nothing in it.
    """
    if len(snapshots) == 1:
        return snapshots[0]
    order = sorted(range(len(snapshots)), key=lambda place: _rank(snapshots, place))
    base = base_of(snapshots)
    chosen = snapshots[base]
    partial = [place for place in order if snapshots[place].is_partial and place != base]
    newer = [snapshots[at] for at in partial if _time(snapshots[at]) > _time(chosen)]
    older = [snapshots[at] for at in reversed(partial) if _time(snapshots[at]) <= _time(chosen)]
    root = catalogue.resource(chosen.resource).root
    document = _combined(chosen, newer, older, root, lambda snapshot: snapshot.document)
    document, arn = _identified(document, chosen, (*newer, *older, *snapshots))
    exported = chosen.exported
    if any(snapshot.exported for snapshot in (chosen, *newer, *older)):
        exported = _other_types(_combined(chosen, newer, older, root, as_exported), document)
    if document is chosen.document and _is_same(dict(exported), dict(chosen.exported)):
        return chosen
    times = [snapshot.modified for snapshot in (chosen, *newer) if snapshot.modified is not None]
    extras = dict.fromkeys(path for snapshot in (chosen, *newer, *older) for path in snapshot.extras)
    names = (snapshot.name for snapshot in (*reversed(newer), chosen, *older, *snapshots))
    return replace(
        chosen,
        arn=arn,
        name=next((name for name in names if name), ""),
        document=document,
        modified=max(times, default=None),
        extras=tuple(path for path in extras if value_at(document, path) is not None),
        exported=exported,
    )


def _identified(document: dict[str, Any], chosen: Record, others: Sequence[Record]) -> tuple[dict[str, Any], str]:
    """A document with the ARN and the version of its group, and the ARN."""
    resource = catalogue.resource(chosen.resource)
    arn = chosen.arn
    if not arn:
        arn = next((other.arn for other in others if other.arn), "")
        document = _with_text(document, resource.arn, arn) if arn else document
    if resource.version and not version_of(chosen):
        documents: list[dict[str, Any]] = [
            {resource.version: other.document[resource.version]} for other in others if version_of(other)
        ]
        document = {**document, **documents[0]} if documents else document
    return document, arn


def _other_types(whole: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, object]:
    """The members that were exported in other types than a document has."""
    return {name: value for name, value in whole.items() if name not in document or not _is_same(value, document[name])}


def base_of(snapshots: Sequence[Record]) -> int:
    """The place of the snapshot that the others only add to: the newest full one, else the newest."""
    full = [place for place, snapshot in enumerate(snapshots) if not snapshot.is_partial]
    return max(full or range(len(snapshots)), key=lambda place: _rank(snapshots, place))


def as_exported(record: Record) -> dict[str, Any]:
    """A record's members with the types that its export had; its document, if they are the same."""
    return {**record.document, **record.exported} if record.exported else record.document


def _time(snapshot: Record) -> float:
    """LastModifiedTime in microseconds; none is older than any."""
    return float("-inf") if snapshot.modified is None else snapshot.modified


def _rank(snapshots: Sequence[Record], place: int) -> tuple[float, int]:
    """What a later one of two snapshots has more of: LastModifiedTime, then order of arrival."""
    return (_time(snapshots[place]), place)


def _combined(
    chosen: Record,
    newer: Sequence[Record],
    older: Sequence[Record],
    root: Structure,
    members: Callable[[Record], dict[str, Any]],
) -> dict[str, Any]:
    document = members(chosen)
    for snapshot in newer:
        document = _replaced(document, members(snapshot), root)
    for snapshot in older:
        document = _filled(document, members(snapshot), root)
    return document


def _replaced(document: dict[str, Any], by: Mapping[str, Any], structure: Structure) -> dict[str, Any]:
    """A document with the members that a newer summary carries; the same object if that changes nothing."""
    return _with_members(document, by, structure, _replaced, replaces=True)


def _filled(document: dict[str, Any], by: Mapping[str, Any], structure: Structure) -> dict[str, Any]:
    """A document with those members of an older summary that it lacks; the same object if it lacks none."""
    return _with_members(document, by, structure, _filled, replaces=False)


def _with_members(
    document: dict[str, Any], by: Mapping[str, Any], structure: Structure, below: Merge, *, replaces: bool
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, value in by.items():
        if not values.is_present(value):  # row F5: an empty list says nothing
            continue
        old = document.get(name)
        reached = _structure_of(structure, name)
        if reached is not None and old.__class__ is dict and value.__class__ is dict:
            new: Any = below(old, value, reached)  # pyright: ignore[reportArgumentType]
        elif replaces or not values.is_present(old):
            new = old if _is_same(old, value) else value
        else:
            continue
        if new is not old:
            changes[name] = new
    return {**document, **changes} if changes else document


def _members(snapshot: Record) -> frozenset[Path]:
    """The paths of the members that a snapshot carries, through structures of the service model."""
    root = catalogue.resource(snapshot.resource).root
    return frozenset(_paths(as_exported(snapshot), root, ()))


def _paths(members: Mapping[str, Any], structure: Structure, path: Path) -> Iterator[Path]:
    for name, value in members.items():
        if values.is_present(value):
            here = (*path, name)
            yield here
            reached = _structure_of(structure, name)
            if reached is not None:
                yield from _paths(value, reached, here) if value.__class__ is dict else ((*here, _NO_STRUCTURE),)


def _structure_of(structure: Structure, name: str) -> Structure | None:
    return _structures(structure).get(name)


@cache
def _structures(structure: Structure) -> Mapping[str, Structure]:
    """The members that are structures themselves."""
    shapes = {name: structure.member(name) for name in structure.members}
    return {name: reached for name, reached in shapes.items() if isinstance(reached, Structure)}


def _is_equal(one: Record, other: Record) -> bool:
    """Whether two snapshots of one class say the same of the same time: whether a store would keep the same bytes."""
    if one.modified != other.modified or (one.arn, one.name) != (other.arn, other.name):
        return False
    if repr((one.document, one.exported)) == repr((other.document, other.exported)):  # a tenth of the time
        return True
    return notation.kept(one) == notation.kept(other) and notation.other_types_of(one) == notation.other_types_of(other)


def _is_same(one: object, other: object) -> bool:
    """Whether two JSON values are equal, types of numbers and NaN included."""
    if one is other:
        return True
    if one.__class__ is not other.__class__:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return one == other or (one != one and other != other)  # noqa: PLR0124 - the test for NaN


def _with_text(document: dict[str, Any], path: Path, text: str) -> dict[str, Any]:
    """A document with a text at a path through structures."""
    name, *rest = path
    if not rest:
        return {**document, name: text}
    below = document.get(name)
    return {**document, name: _with_text(below if isinstance(below, dict) else {}, tuple(rest), text)}
