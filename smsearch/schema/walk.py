"""Walks of a document along its shapes: the shape below a shape, a value at a path, a copy with other plain values.

A document is parsed JSON. What the service model does not know has no shape: None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smsearch.schema.catalogue import Shape


def member_of(reached: Shape | None, name: str) -> Shape | None:
    """The shape of a structure's member, or of a map's values."""
    if isinstance(reached, Structure) and name in reached.members:
        return reached.member(name)
    return shape(reached.value) if isinstance(reached, MapOf) else None


def element_of(reached: Shape | None) -> Shape | None:
    """The shape of a list's elements."""
    return shape(reached.element) if isinstance(reached, ListOf) else None


def value_at(document: object, path: Iterable[str]) -> object:
    """The value at the end of a path through objects; None if nothing is there."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def mapped(value: object, reached: Shape | None, plain_value: Callable[[Any, Shape | None], object]) -> Any:  # noqa: ANN401 - any JSON value
    """A copy of a document with the lists and objects that it has, and other plain values.

    Args:
        value: The document, or a part of one.
        reached: Its shape.
        plain_value: Gives what stands for a value that is neither list nor object, or for one of either where the
            service model has a plain value; the very same object if it stands for itself.
    """
    if isinstance(reached, Scalar) and isinstance(value, dict | list):
        plain = plain_value(value, reached)  # recordings spell a time as an object
        if plain is not value:
            return plain
    if isinstance(value, dict):
        return {name: mapped(member, member_of(reached, name), plain_value) for name, member in value.items()}
    if isinstance(value, list):
        element = element_of(reached)
        return [mapped(member, element, plain_value) for member in value]
    return plain_value(value, reached)
