"""Reads the values of a property out of a document.

A document is parsed JSON in the service model's spelling. This is the slow and obvious way, one record at a
time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.schema import values
from smsearch.schema.property import Computed, EachMember, Elements, Entries, FirstMember, Member, Pair
from smsearch.schema.values import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.schema.property import Property, Step
    from smsearch.schema.values import Value

_WHOLE_DIGITS: Final = 15
"""Digits up to which a computed number without a fraction is an integer."""


def raw_values(document: object, steps: Iterable[Step]) -> list[object]:
    """The JSON values at the end of the steps that are there; at most one unless a step is `Elements`."""
    reached = [document]
    for step in steps:
        reached = [value for current in reached for value in _take(current, step)]
    return [value for value in reached if values.is_present(value)]


def located_values(document: object, steps: Iterable[Step]) -> list[tuple[tuple[int, ...], object]]:
    """The same values, each with the places, from 0, of the list elements on the way to it; for whoever asks which."""
    reached: list[tuple[tuple[int, ...], object]] = [((), document)]
    for step in steps:
        is_list = isinstance(step, Elements)
        reached = [
            ((*places, place) if is_list else places, value)
            for places, current in reached
            for place, value in enumerate(_take(current, step))
        ]
    return [(places, value) for places, value in reached if values.is_present(value)]


def _take(current: object, step: Step) -> Iterator[object]:
    if isinstance(current, list):
        yield from _take_of_list(current, step)
    elif isinstance(current, dict):
        yield from _take_of_object(current, step)


def _take_of_list(current: list[object], step: Step) -> Iterator[object]:
    if isinstance(step, Elements):
        yield from current
    elif isinstance(step, Pair):
        yield from _last_pair(current, step)


def _take_of_object(current: dict[str, object], step: Step) -> Iterator[object]:
    match step:
        case Member(name):
            if name in current:
                yield current[name]
        case FirstMember(names):
            yield from _present(current, names)[:1]
        case EachMember(names):
            yield from _present(current, names)
        case Entries(members):
            for key, entry in current.items():
                texts = _present(entry, members) if isinstance(entry, dict) else []
                yield from [key, *texts] if texts else ()
        case Computed():
            yield from _computed(current, step)


def _computed(document: dict[str, object], step: Computed) -> list[object]:
    """The value that a record has by a formula as parsed JSON has it; none where one of the inputs cannot be read."""
    inputs = {name: property_values(document, prop) for name, prop in step.inputs}
    if any(UNREADABLE in values_of_one for values_of_one in inputs.values()):
        return []
    value = step.formula(**inputs)
    if value is None or isinstance(value, str):
        return [] if value is None else [value]
    is_whole = value == value.to_integral_value() and value.adjusted() < _WHOLE_DIGITS
    return [int(value) if is_whole else values.double_or_exact(value)]


def _present(current: dict[str, object], names: tuple[str, ...]) -> list[object]:
    """Those of some members that are there, in their order."""
    return [value for value in map(current.get, names) if values.is_present(value)]


def _last_pair(elements: list[object], step: Pair) -> Iterator[object]:
    """The newest matching pair; a pair without a readable time is older than any with one."""
    last: object = None
    newest = -1 << 64
    for element in elements:
        if not isinstance(element, dict) or element.get(step.key_member) != step.key:
            continue
        time = values.timestamp_of(element.get(step.latest_by)) if step.latest_by else UNREADABLE
        micros = time if isinstance(time, int) else -1 << 63
        if micros >= newest:
            last, newest = element, micros
    if last is not None:
        yield last


def property_values(document: object, prop: Property) -> list[Value]:
    """The typed values of a property in a document; empty if it is absent."""
    return [prop.kind.read(raw) for raw in raw_values(document, prop.steps)]
