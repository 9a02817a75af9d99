"""Finds the property that a bare name stands for: the one in the records whose last part it is.

`accuracy` is `Metrics.accuracy`, or `Metrics.validation:accuracy` where records have that one only; `instance_type` is
`ResourceConfig.InstanceType`. A property's own name comes first, then an alias (`syntax/names.py`). Only a name that is
neither is looked up, so a name in full costs no look at the records. This module knows no condition and no operator.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from smsearch.errors import AmbiguousNameError, RequestError, UnknownPropertyError
from smsearch.messages import listed, shortened
from smsearch.predicate.predicate import ALWAYS
from smsearch.syntax.names import folded, inner_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.engine.engine import Engine
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.syntax.query import Query

_SEPARATORS: Final = ".:/"
"""What stands before the last part of a user's own key: `train:loss`, `eval/f1`."""
_LISTED_MAX: Final = 10
"""Properties that an error lists."""
_WILDCARD: Final = "*"


class BareNames:
    """The bare names of one resource.

    Args:
        schema: The resource's.
        engine: The records; None where there are none to look into, and every bare name is refused.
    """

    def __init__(self, schema: Schema, engine: Engine | None) -> None:
        self._schema = schema
        self._engine = engine

    def resolve(self, query: Query) -> Query:
        """The query with a property in the place of each bare name, aliases expanded before.

        Raises:
            AmbiguousNameError: A name may be several properties.
            UnknownPropertyError: As for `full_name`.
        """
        return query.resolve_bare_names(
            lambda name, container: self.element_name(container, name) if container else self.full_name(name)
        )

    def in_full(self, query: Query) -> str:
        """A hint for a query that may have no bare names: what each is in full; `""` where it has none."""
        sentences: dict[str, str] = {}

        def look_up(name: str, container: str) -> str:
            try:
                full = self.element_name(container, name) if container else self.full_name(name)
            except AmbiguousNameError as error:
                sentences[name] = error.message
            except RequestError:
                return name
            else:
                if full != name:
                    sentences[name] = f"Write {full} for {name}."
            return name

        query.resolve_bare_names(look_up)
        return " ".join(sentences.values())

    def full_name(self, name: str) -> str:
        """The name of the property that a name stands for; a property's own name is returned as it is.

        Raises:
            AmbiguousNameError: It may be several properties.
            UnknownPropertyError: No property of the records ends in it and one nearly does, or there are no records.
        """
        counted = self._counted(name)
        if len(counted) > 1:
            raise _ambiguous(name, counted)
        return next(iter(counted), name)

    def full_names(self, name: str) -> tuple[str, ...]:
        """The same for columns, which show every property that a name may be; a wildcard is returned as it is.

        Raises:
            UnknownPropertyError: As for `full_name`.
        """
        return (name,) if _WILDCARD in name else tuple(self._counted(name)) or (name,)

    def _counted(self, name: str) -> dict[str, int]:
        """The properties that a bare name may be, each with the records that have it; none for any other name."""
        if self._schema.knows(name):
            return {}
        candidates = [prop for prop in self._fixed if _is_end_of(prop, name, self._schema)]
        if self._engine is None:
            self._refuse(name, candidates)
            return {}
        candidates += [prop for prop in self._own if _is_end_of_key(prop.name, name)]
        if not candidates:
            self._suggest(name)
        return self._in_records(self._preferred(candidates))

    def element_name(self, container: str, name: str) -> str:
        """The full name of the property of a list's elements that a name in brackets stands for.

        Args:
            container: The list.
            name: A name that begins with the list's, as the text language completes it.

        Raises:
            AmbiguousNameError: It may be several properties of the elements.
        """
        try:
            elements = self._schema.list_property(container)
            self._schema.element_property(elements, name)
        except UnknownPropertyError:
            inner = [prop for prop in self._fixed if prop.name.startswith(f"{self._canonical(container)}.")]
            written = inner_name(container, name)
            counted = self._in_records([prop for prop in inner if _is_end_of(prop, written, self._schema)])
            if len(counted) > 1:
                raise _ambiguous(written, counted) from None
            return next(iter(counted), name)
        except RequestError:  # no list of structures: binding says so
            return name
        return name

    def properties_of_records(self) -> list[Property]:
        """Every property that one of the records has, in no order; of a list, its elements' too."""
        if self._engine is None:
            return []
        props = [*self._fixed, *self._own]
        counts = self._engine.presence_counts(self._resource, ALWAYS, props)
        return [prop for prop, count in zip(props, counts, strict=True) if count]

    def _canonical(self, container: str) -> str:
        return self._schema.property(container).name if self._schema.knows(container) else container

    @cached_property
    def _fixed(self) -> list[Property]:
        return [prop for prop in self._schema.properties() if "<name>" not in prop.name]

    @cached_property
    def _own(self) -> list[Property]:
        """The properties of the user's own keys that records have."""
        names = () if self._engine is None else self._engine.dynamic_names(self._resource)
        return [self._schema.property(name) for name in sorted(names)]

    @property
    def _resource(self) -> str:
        return self._schema.resource.name

    def _preferred(self, candidates: list[Property]) -> list[Property]:
        """The candidates without those that only repeat another one.

        A structure's own member comes before the same member of a list inside it: a training job has either
        `ResourceConfig.InstanceType` or `ResourceConfig.InstanceGroups.InstanceType`. A name comes before a longer one
        that ends in it: what `TunedHyperParameters` has is in `HyperParameters` too.
        """
        above = [prop.name.rpartition(".")[0] + "." for prop in candidates if not prop.is_many]
        names = [prop.name for prop in candidates]
        return [
            prop
            for prop in candidates
            if not (prop.is_many and any(map(prop.name.startswith, above)))
            and not any(prop.name.endswith(name) and prop.name != name for name in names)
        ]

    def _in_records(self, candidates: Sequence[Property]) -> dict[str, int]:
        """Those that records have, with how many do; where no record has any, all of them. One alone is not counted."""
        if len(candidates) <= 1 or self._engine is None:
            return {prop.name: 0 for prop in candidates}
        counts = self._engine.presence_counts(self._resource, ALWAYS, candidates)
        counted = {prop.name: count for prop, count in zip(candidates, counts, strict=True)}
        return {name: count for name, count in counted.items() if count} or counted

    def _refuse(self, name: str, candidates: Sequence[Property]) -> None:
        """Refuses a bare name where there are no records; another name is left to those who know why it is wrong."""
        if candidates:
            single_first = sorted(candidates, key=lambda prop: prop.is_many)
            hint = f"Write {listed(prop.name for prop in single_first[:_LISTED_MAX])}."
        elif "." in name or self._error(name).suggestion is not None:
            return
        else:
            hint = f"Write it in full, such as Tags.{name}."
        reason = f"{shortened(name)} is no property of {self._resource}, and the service has no bare names."
        raise UnknownPropertyError(reason, hint=hint)

    def _suggest(self, name: str) -> None:
        """Refuses a name that nothing ends in where records have one that ends nearly so."""
        error = self._error(name)
        if error.suggestion is not None:
            return
        ends = {_last_part(prop.name): prop.name for prop in (*self._fixed, *self._own)}
        import difflib

        near = difflib.get_close_matches(name, ends, n=1, cutoff=0.7)
        if near:
            error.hint = f"Did you mean '{ends[near[0]]}'?"
            raise error.with_suggestion(name, ends[near[0]])

    def _error(self, name: str) -> UnknownPropertyError:
        try:
            self._schema.property(name)
        except UnknownPropertyError as error:
            return error
        raise AssertionError(name)  # pragma: no cover - only unknown names come here


def _is_end_of(prop: Property, name: str, schema: Schema) -> bool:
    """Whether a property that is no user's key ends in a name: the service model's in any case and in snake_case."""
    if prop.name in schema.extras:
        return _is_end_of_key(prop.name, name)
    return folded(prop.name).endswith(f".{folded(name)}")


def _is_end_of_key(full: str, name: str) -> bool:
    """Whether a property ends in a name, letter by letter, after a dot, a colon or a slash."""
    return len(full) > len(name) and full.endswith(name) and full[-len(name) - 1] in _SEPARATORS


def _last_part(name: str) -> str:
    return name[max(name.rfind(separator) for separator in _SEPARATORS) + 1 :]


def _ambiguous(name: str, counted: Mapping[str, int]) -> AmbiguousNameError:
    most_first = sorted(counted, key=lambda one: -counted[one])
    shown = [f"{one} ({counted[one]:,} records)" for one in most_first[:_LISTED_MAX]]
    more = f", and {len(most_first) - len(shown)} more" if len(most_first) > len(shown) else ""
    hint = f"Write one of them in full, such as {most_first[0]}."
    return AmbiguousNameError(f"{shortened(name)} may be {listed(shown)}{more}.", hint=hint)
