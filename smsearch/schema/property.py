"""A resolved property: where in a document its values lie, and how they compare.

The steps are data; `read.py` takes them, `names.py` makes them. This module knows no document and no
spelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frozen import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from smsearch.schema.catalogue import Structure
    from smsearch.schema.value_kinds import Kind


@frozen
class Member:
    """Into a member of a structure, or the value of a key of a map."""

    name: str


@frozen
class Elements:
    """Into every element of a list."""


@frozen
class Pair:
    """Into the last element of a list of pairs whose `key_member` is `key` (`{"Key": ..., "Value": ...}`).

    With `latest_by`, the last is the one with the newest time in that member, then the last by place (row
    F16).
    """

    key_member: str
    key: str
    latest_by: str = ""


@frozen
class FirstMember:
    """Into the first of several members that is there (a parameter's NumberValue, else its StringValue)."""

    names: tuple[str, ...]


@frozen
class EachMember:
    """Into each of several members that is there (a tag's Key and its Value); a last step."""

    names: tuple[str, ...]


@frozen
class Entries:
    """Into each key of a map under which a member is there, and into those members; a last step.

    Of an artifact it is the name, the Value and the MediaType.
    """

    members: tuple[str, ...]


@frozen
class Computed:
    """Into a value that is computed of other values of the record; the only step of its property (rows V1 to V6).

    Attributes:
        formula: Is given the values of each input, all of them readable, and returns a Decimal, a text, or None where
            the record has no such value. Equal formulas compute the same.
        inputs: The properties that it is computed of, each under the name of the formula's parameter.
        kind: How the values compare, as the property has it.
    """

    formula: Callable[..., Decimal | str | None]
    inputs: tuple[tuple[str, Property], ...]
    kind: Kind


_OF_MANY: Final = frozenset((Elements, Entries))
"""The steps that lead to several values of one record."""

Step = Member | Elements | Pair | FirstMember | EachMember | Entries | Computed


@frozen
class Property:
    """A property that a filter or a sort can name.

    Attributes:
        name: The canonical spelling, unique within the resource.
        kind: How its values compare.
        steps: The way from the document (or from the element, inside a NestedFilters) to its values.
        enum: The values that the service model lists, or `()`.
    """

    name: str
    kind: Kind = field(hash=False)
    steps: tuple[Step, ...] = field(hash=False)
    enum: tuple[str, ...] = field(default=(), hash=False)

    @property
    def is_derived(self) -> bool:
        """Whether smsearch computes it, and the service does not know it."""
        return isinstance(self.steps[-1], Computed)

    @property
    def inputs(self) -> tuple[Property, ...]:
        """The properties that it is computed of; of one that is not derived, none."""
        return tuple(prop for step in self.steps if isinstance(step, Computed) for _, prop in step.inputs)

    @property
    def is_many(self) -> bool:
        """Whether one record may hold several values (row F6)."""
        return not _OF_MANY.isdisjoint(map(type, self.steps))


@frozen
class ListProperty:
    """A list of structures that NestedFilters can name (row E5).

    Attributes:
        name: The canonical spelling.
        steps: The way from the document to its elements; the last step is `Elements()`.
        element: The shape of an element.
    """

    name: str
    steps: tuple[Step, ...]
    element: Structure
