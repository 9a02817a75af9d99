"""The dynamic names that a document has: its hyperparameters, tags, metrics and other families (row F7).

Walks a document along its resource's shapes. It knows what a schema can say, and nothing of filters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.schema import values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import FAMILIES, family_of, metrics_alias, pairs_of
from smsearch.schema.walk import element_of, member_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.families import Family
    from smsearch.schema.names import Schema


def dynamic_names(document: object, schema: Schema) -> Iterator[str]:
    """The canonical name of every property of a family that is there, each once, save inside lists."""
    names = (schema.property(name).name for name in _names(document, schema.resource.root, ""))
    yield from dict.fromkeys(names)


def _names(current: object, reached: Shape, prefix: str) -> Iterator[str]:
    match reached:
        case Structure():
            if isinstance(current, dict):
                for member in reached.members.keys() & current.keys():
                    inside = reached.member(member)
                    if not isinstance(inside, Scalar):  # most members are, and a call for each takes half of the time
                        name = f"{prefix}.{member}" if prefix else member
                        yield from _names(current[member], inside, name)
        case MapOf(value):
            if isinstance(current, dict) and _holds_values(shape(value)):
                yield from (f"{prefix}.{key}" for key, value in current.items() if key and values.is_present(value))
        case ListOf():
            pairs = pairs_of(reached)
            if pairs is not None and isinstance(current, list):
                _, family = pairs
                keys = (pair.get(family.key) for pair in current if isinstance(pair, dict) and _has_value(pair, family))
                ending = f".{family.value[0]}" if family.suffixes else ""
                yield from (f"{metrics_alias(prefix)}.{key}{ending}" for key in keys if isinstance(key, str) and key)


def _has_value(pair: Mapping[str, object], family: Family) -> bool:
    """Whether a pair says more than its key."""
    return any(values.is_present(pair.get(member)) for member in (*family.value, *family.suffixes))


def _holds_values(reached: Shape) -> bool:
    """Whether a key of a map of such shapes names a value, and not one more structure."""
    return isinstance(reached, Scalar) or (isinstance(reached, Structure) and reached.name in FAMILIES)


def name_of_column(
    pieces: list[str], schema: Schema, lists: Sequence[list[str]] = (), *, is_whole: bool = False
) -> str | None:
    """The canonical name of a family's member, given the pieces of its stored column.

    None for a static property, and for the empty key, which no name can say.

    Args:
        pieces: The names on the way to it, in the table that it is stored in.
        schema: The resource's.
        lists: For each list on the way to that table, the names on the way to the list.
        is_whole: Whether a suffix (`Metrics.loss.Max`) is left out, as `dynamic_names` does.
    """
    reached: Shape | None = schema.resource.root
    for path in lists:
        for piece in path:
            reached = reached.member(piece) if isinstance(reached, Structure) and piece in reached.members else None
        reached = element_of(reached)
    above = [piece for path in lists for piece in path]
    for depth, piece in enumerate(pieces):
        if isinstance(reached, Structure) and piece in reached.members:
            reached = reached.member(piece)
            continue
        if isinstance(reached, Structure) or reached is None or not piece:
            return None
        prefix = metrics_alias(".".join([*above, *pieces[:depth]]))
        family = family_of(element_of(reached) or member_of(reached, piece))
        ending = pieces[depth + 1 :]
        if family is not None and (is_whole or "|".join(family.value) in ending):
            # Said in full: a metric's own name may end like a suffix.
            ending = [family.value[0]] if family.key and family.suffixes else []
        return schema.property(".".join([prefix, piece, *ending])).name
    return None
