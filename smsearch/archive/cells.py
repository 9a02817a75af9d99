"""Documents as rows of an archive: every value parsed once, so that no engine has to.

One function a shape, made the first time the shape is met; what a text means is said by `schema/values.py`, as
everywhere. It knows no file and no identity.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.archive.layout import BY_KEY, extra_key, fields_of, target_name
from smsearch.schema import value_kinds, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.decimal_key import decimal_key
from smsearch.schema.families import entry_kind, keyed_family, pairs_of, targets
from smsearch.schema.values import SpelledNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind

    Shaper = Callable[[Any], Any]
    """A JSON value as Arrow takes it; None if it is not there."""


def row(document: dict[str, Any], resource: Resource) -> dict[str, Any]:
    """The members of a document as cells; an absent one is left out."""
    cells: dict[str, Any] = _shaper(resource.root)(document) or {}
    return cells


def extras(document: dict[str, Any], resource: Resource) -> list[tuple[str, dict[str, Any]]]:
    """The fields that the service model does not know, by key, through structures and not through lists."""
    return list(_unknown(document, resource.root, ()))


def _unknown(current: Any, reached: Shape | None, path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    if reached is None:
        cell = _unknown_cell(current)
        if cell is not None:
            yield extra_key(path), cell
    if current.__class__ is dict and isinstance(reached, Structure | None):
        for name, value in current.items():
            if reached is None or name not in reached.members:
                yield from _unknown(value, None, (*path, name))
            elif value.__class__ is dict:
                yield from _unknown(value, reached.member(name), (*path, name))


@cache
def _shaper(reached: Shape) -> Shaper:
    match reached:
        case Scalar(kind):
            return _cell(kind)
        case Structure():
            return _structure(reached)
        case ListOf(element):
            return _list(_shaper(shape(element)))
        case MapOf():
            return _map(_entry(reached))


def _structure(structure: Structure) -> Shaper:
    members: dict[str, list[tuple[str, Shaper]]] = {}
    for name in structure.members:
        reached = structure.member(name)
        members[name] = [(name, _shaper(reached))]
        keyed = pairs_of(reached)
        if keyed is not None:
            members[name].append((name + BY_KEY, _pairs(*keyed)))

    def shape_structure(raw: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not dict:
            return {} if values.is_present(raw) else None
        cells = {}
        for name, value in raw.items():
            for column, shaper in members.get(name, ()):
                cell = shaper(value)
                if cell is not None:
                    cells[column] = cell
        return cells if cells or values.is_present(raw) else None

    return shape_structure


def _list(element: Shaper) -> Shaper:
    def shape_list(raw: Any) -> list[Any] | None:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not list:
            return [] if values.is_present(raw) else None
        return [cell for cell in map(element, raw) if cell is not None] or None

    return shape_list


def _map(entry: Shaper) -> Shaper:
    def shape_map(raw: Any) -> list[tuple[str, Any]] | None:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not dict:
            return [] if values.is_present(raw) else None
        return [(key, cell) for key, value in raw.items() if (cell := entry(value)) is not None] or None

    return shape_map


def _entry(reached: MapOf) -> Shaper:
    kind, value = entry_kind(reached), shape(reached.value)
    if kind is not None:
        return _cell(kind)
    family = keyed_family(value)
    return _family(value, family) if family is not None and isinstance(value, Structure) else _shaper(value)


def _family(structure: Structure, family: Family) -> Shaper:
    """The members that may be named after a user's key: of each group of them the first that is there."""
    groups = [(target_name(names), names, _cell(kind)) for names, kind in targets(structure, family).items()]

    def shape_family(raw: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not dict:
            return {} if values.is_present(raw) else None
        cells = {}
        for column, names, to_cell in groups:
            cell = next((cell for name in names if (cell := to_cell(raw.get(name))) is not None), None)
            if cell is not None:
                cells[column] = cell
        return cells if cells or values.is_present(raw) else None

    return shape_family


def _pairs(structure: Structure, family: Family) -> Shaper:
    """A list of pairs by key: of each key the newest pair, else the last (row F16)."""
    entry = _family(structure, family)

    def shape_pairs(raw: Any) -> list[tuple[str, Any]] | None:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not list:
            return None
        last: dict[str, tuple[float, Any]] = {}
        for pair in raw:
            key = pair.get(family.key) if pair.__class__ is dict else None
            if key.__class__ is str:
                time = values.timestamp_of(pair.get(family.latest_by)) if family.latest_by else None
                place = time if isinstance(time, int) else float("-inf")
                if key not in last or place >= last[key][0]:
                    last[key] = (place, pair)  # pyright: ignore[reportArgumentType]
        return [(key, entry(pair)) for key, (_, pair) in last.items()] or None

    return shape_pairs


def _cell(kind: Kind) -> Shaper:
    """What makes the cell of a kind; one without a value is there and cannot be read."""
    read, fill = kind.read, _FILLS[fields_of(kind)]

    def shape_cell(raw: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON value
        if raw is None or (raw.__class__ in (dict, list) and not values.is_present(raw)):
            return None
        value = read(raw)
        return {} if value is values.UNREADABLE else fill(value)

    return shape_cell


def _text_map(text: str) -> dict[str, Any]:
    number = values.parse_number(text)
    return {"text": text} if number is None else {"text": text, "key": decimal_key(number)}


def _hyperparameter(text: str) -> dict[str, Any]:
    number = values.parse_number(text)
    if number is None:
        return {"text": text}
    return {"text": text, "key": decimal_key(number), "whole": decimal_key(values.truncate(number))}


def _text_or_number(value: str | SpelledNumber) -> dict[str, Any]:
    if isinstance(value, SpelledNumber):
        return {"text": value.spelling, "key": decimal_key(value.number), "is_number": True}
    return {**_text_map(value), "is_number": False}


def _number(value: Decimal) -> dict[str, Any]:
    return {"number": float(value), "key": decimal_key(value)}


_FILLS: Final[Mapping[tuple[str, ...], Callable[[Any], dict[str, Any]]]] = {
    ("text",): lambda text: {"text": text},
    ("text", "key"): _text_map,
    ("number", "key"): _number,
    ("time",): lambda micros: {"time": micros},
    ("truth",): lambda truth: {"truth": truth},
    ("text", "key", "whole"): _hyperparameter,
    ("text", "key", "is_number"): _text_or_number,
}
"""What fills a cell with a value that could be read, by the cell's fields."""
_unknown_cell: Final = _cell(value_kinds.UNKNOWN)
