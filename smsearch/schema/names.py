"""Finds the property that a name means (rows F6, F7).

Fixed segments of a name match in any case; the user's own keys (hyperparameters, tags, metrics ...) match
exactly and may hold dots, colons, slashes and blanks. A `Schema` is a resource's catalogue plus the plain
fields that the data has and the service model does not. It knows no operator and no record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from smsearch.errors import ShapeError, UnknownPropertyError
from smsearch.frozen import field, frozen
from smsearch.schema import value_kinds
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Shape, Structure, fold, shape
from smsearch.schema.families import FAMILIES, METRICS, METRICS_LIST, entry_kind, family_of, metrics_alias, targets
from smsearch.schema.property import EachMember, Elements, Entries, FirstMember, ListProperty, Member, Pair, Property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smsearch.schema.catalogue import Resource
    from smsearch.schema.families import Family
    from smsearch.schema.property import Step


_EVERY_PAIR: Final[Mapping[str, tuple[str, str]]] = {
    "FeatureGroup": ("AllTags", "Tags"),
    "FeatureMetadata": ("AllParameters", "Parameters"),
}
"""Properties that mean any key or value of a list of pairs, by resource (row F6)."""
_PAIR: Final = EachMember(("Key", "Value"))
_TAGS: Final[Mapping[str, Step]] = {"Tags": _PAIR}
_ARTIFACT: Final = Entries(("Value", "MediaType"))
_TEXTS_WITHIN: Final[Mapping[str, Mapping[str, Step]]] = {
    "Experiment": _TAGS,
    "ExperimentTrial": _TAGS,
    "ExperimentTrialComponent": {**_TAGS, "InputArtifacts": _ARTIFACT, "OutputArtifacts": _ARTIFACT},
}
"""Lists and maps that Contains may name as a whole, by resource (row E3)."""

_RESOLVED_MAX: Final = 4_096


class _Unknown(Exception):  # noqa: N818 - never leaves this module
    """No member of that name; `nearest` is the whole name as it should perhaps be."""

    def __init__(self, nearest: str | None) -> None:
        super().__init__(nearest)
        self.nearest = nearest


@frozen
class _PropertyPath:
    """How far a name was resolved: the canonical name so far, and the steps that it means."""

    name: str
    steps: tuple[Step, ...]

    def then(self, segment: str, *steps: Step) -> _PropertyPath:
        name = f"{self.name}.{segment}" if self.name and segment else self.name + segment
        return _PropertyPath(name, self.steps + steps)


@frozen
class Schema:
    """What can be filtered and sorted on in one resource.

    Attributes:
        resource: The resource in the catalogue.
        extras: Plain fields that the data has and the service model does not: dotted name to path.
        derived: The properties that smsearch computes, by their folded names; none where the service is asked.
    """

    resource: Resource
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    derived: Mapping[str, Property] = field(default_factory=dict)
    _resolved: dict[str, Property] = field(default_factory=dict, init=False, compare=False)
    """Names that were asked for: finding one takes longer than a page of records."""
    _enumerated: list[Property] = field(default_factory=list, init=False, compare=False)
    """What `properties` gives, once it was asked: making it takes as long."""

    def property(self, name: str, path: str = "") -> Property:
        """The property that a name means.

        Raises:
            UnknownPropertyError: The resource has no such property; `path` says where in the request it
                stands.
        """
        prop = self._resolved.get(name)
        if prop is not None:
            return prop
        try:
            prop = self._resolve(name)
        except _Unknown as unknown:
            raise self._error(name, unknown, path) from None
        if len(self._resolved) >= _RESOLVED_MAX:
            self._resolved.clear()
        self._resolved[name] = prop
        return prop

    def forget(self) -> None:
        """Drops the names that were asked for."""
        self._resolved.clear()

    def texts_within(self, prop: Property) -> Property | None:
        """The texts of a list or map that Contains may name as a whole (row E3); None for every other property."""
        last = _TEXTS_WITHIN.get(self.resource.name, {}).get(prop.name)
        if last is None or prop.kind.has_values:
            return None
        steps = (*prop.steps, Elements()) if last is _PAIR else prop.steps
        return Property(prop.name, value_kinds.TEXT, (*steps, last))

    def knows(self, name: str) -> bool:
        """Whether `property(name)` would find one."""
        if name in self._resolved:
            return True
        try:
            self._resolve(name)
        except _Unknown:
            return False
        return True

    def list_property(self, name: str, path: str = "") -> ListProperty:
        """The list of structures that a NestedPropertyName means (row E5).

        Raises:
            UnknownPropertyError: The resource has no such property.
            ShapeError: The property is no list of structures.
        """
        try:
            place, reached = self._place(name)
        except _Unknown as unknown:
            raise self._error(name, unknown, path) from None
        if isinstance(reached, ListOf):
            element = shape(reached.element)
            if isinstance(element, Structure):
                return ListProperty(place.name, (*place.steps, Elements()), element)
        message = f"{self.resource.name}.{place.name} is not a list of structures."
        raise ShapeError(message, path=path, hint="Put its condition into Filters.", row="E5")

    def element_property(self, container: ListProperty, name: str, path: str = "") -> Property:
        """The property of an element that a filter in NestedFilters names, in full or from the element on.

        Raises:
            UnknownPropertyError: The element has no such property.
        """
        prefix = container.name + "."
        relative = _without(container.name, name)
        if relative == name and self.resource.inner:
            relative = _without(container.name.removeprefix(self.resource.inner + "."), name)
        try:
            inner = _named(container.element, relative)
        except _Unknown as unknown:
            nearest = unknown.nearest and prefix + unknown.nearest
            raise self._error(prefix + relative, _Unknown(nearest), path) from None
        return Property(prefix + inner.name, inner.kind, inner.steps, inner.enum)

    def _place(self, name: str) -> tuple[_PropertyPath, Shape]:
        """Where a list's name leads, from the record or from what is described inside it."""
        try:
            return _descend(self.resource.root, name)
        except _Unknown:
            if self._is_inside(name):
                raise
            return _descend(self.resource.root, f"{self.resource.inner}.{name}")

    def _is_inside(self, name: str) -> bool:
        """Whether a name cannot be completed by the member that holds what is described."""
        inner = self.resource.inner
        return not inner or fold(name).startswith(fold(inner) + ".")

    def _resolve(self, name: str) -> Property:
        every = _EVERY_PAIR.get(self.resource.name)
        if every is not None and fold(name) == fold(every[0]):
            return Property(every[0], value_kinds.TEXT, (Member(every[1]), Elements(), _PAIR))
        try:
            return _named(self.resource.root, name)
        except _Unknown as unknown:
            return self._resolve_elsewhere(name, unknown)

    def _resolve_elsewhere(self, name: str, unknown: _Unknown) -> Property:
        """A name that is no member of the record: of what is described inside it, or of the data alone."""
        if name in self.extras:
            return Property(name, value_kinds.UNKNOWN, tuple(Member(segment) for segment in self.extras[name]))
        if fold(name) in self.derived:
            return self.derived[fold(name)]
        if fold(name) == "name":  # the vendor's own guide sorts feature groups by "Name"
            return self._resolve(".".join(self.resource.name_path))
        if self._is_inside(name):
            raise unknown
        try:
            return self._resolve(f"{self.resource.inner}.{name}")
        except _Unknown as within:
            raise _Unknown(unknown.nearest or within.nearest) from None

    def _error(self, name: str, unknown: _Unknown, path: str) -> UnknownPropertyError:
        nearest = unknown.nearest or self._near(name)
        hint = f"Did you mean '{nearest}'?" if nearest else f"See `smsearch schema {self.resource.name}`."
        if fold(name) == "cost" and self.derived:
            nearest, hint = "", "It needs prices: --prices FILE, or prices= of smsearch.open."
        error = UnknownPropertyError(
            f"Unknown property name: {name} ({self.resource.name} has no such property).",
            path=path,
            hint=hint,
            row="F6",
        )
        return error.with_suggestion(name, nearest) if nearest else error

    def _near(self, name: str) -> str | None:
        """The field of the data, or the derived property, that is called most like a name."""
        import difflib  # most names are right

        names = [*self.extras, *(prop.name for prop in self.derived.values())]
        return next(iter(difflib.get_close_matches(name, names, n=1)), None)

    def properties(self) -> Iterator[Property]:
        """Every static property, and a template of each family (`Tags.<name>`), in catalogue order."""
        if not self._enumerated:
            self._enumerated[:] = list(self._properties())
        return iter(self._enumerated)

    def _properties(self) -> Iterator[Property]:
        yield from _enumerate(_PropertyPath("", ()), self.resource.root)
        every = _EVERY_PAIR.get(self.resource.name)
        if every is not None:
            yield self._resolve(every[0])
        for name in sorted(self.extras):
            yield self._resolve(name)

    def families(self) -> tuple[str, ...]:
        """What each name of the user's own begins with: `HyperParameters.`, `Tags.`, `Metrics.` ..."""
        templates = (prop.name.partition("<name>") for prop in self.properties())
        return tuple(dict.fromkeys(prefix for prefix, placeholder, _ in templates if placeholder))


def _segment(name: str) -> tuple[str, str]:
    """The first segment of a name, and the rest; a name that is empty or ends in a dot names nothing."""
    head, dot, rest = name.partition(".")
    if not head or (dot and not rest):
        raise _Unknown(None)
    return head, rest


def _without(container: str, name: str) -> str:
    """A name without the container's in front of it, if that is how it begins."""
    depth = container.count(".") + 1
    *first, rest = name.split(".", depth)
    return rest if len(first) == depth and fold(".".join(first)) == fold(container) else name


def _descend(root: Structure, name: str) -> tuple[_PropertyPath, Shape]:
    """Down the fixed segments of a whole name, to a shape; used for lists, whose names hold no keys."""
    place, reached = _PropertyPath("", ()), cast("Shape", root)
    while name or not place.name:
        if isinstance(reached, ListOf):
            place, reached = place.then("", Elements()), shape(reached.element)
        if not isinstance(reached, Structure):
            raise _Unknown(None)
        head, name = _segment(name)
        place, reached = _into_member(place, reached, head, name)
    return place, reached


def _into_member(place: _PropertyPath, structure: Structure, head: str, rest: str) -> tuple[_PropertyPath, Shape]:
    member = structure.spelled(head)
    if member is not None:
        return place.then(member, Member(member)), structure.member(member)
    if fold(head) == fold(METRICS) and METRICS_LIST in structure.members:
        return place.then(METRICS, Member(METRICS_LIST)), structure.member(METRICS_LIST)
    import difflib  # most names are right

    names = {fold(name): name for name in structure.members}
    if METRICS_LIST in structure.members:
        names[fold(METRICS)] = METRICS
    near = difflib.get_close_matches(fold(head), names, n=1, cutoff=0.7)
    raise _Unknown(place.then(names[near[0]]).name + (f".{rest}" if rest else "") if near else None)


def _named(root: Structure, name: str) -> Property:
    head, name = _segment(name)
    return _property(*_into_member(_PropertyPath("", ()), root, head, name), name)


def _property(place: _PropertyPath, reached: Shape, name: str) -> Property:
    while name:
        match reached:
            case Structure():
                head, name = _segment(name)
                place, reached = _into_member(place, reached, head, name)
            case ListOf(element):
                inner = shape(element)
                family = family_of(inner)
                if family is not None and isinstance(inner, Structure) and _is_key(place, family, inner, name):
                    return _of_family(place, family, inner, name)
                place, reached = place.then("", Elements()), inner
            case MapOf():
                return _map_entry(place, reached, name)
            case Scalar():
                raise _Unknown(place.name)
    return _whole(place, reached)


def _is_key(place: _PropertyPath, family: Family, element: Structure, name: str) -> bool:
    """Whether what follows a list of pairs is one of the user's keys and not a member of the pair."""
    if family.hides_members or place.name.rpartition(".")[2] == METRICS:
        return True
    return element.spelled(name.partition(".")[0]) is None


def _of_family(place: _PropertyPath, family: Family, element: Structure, name: str) -> Property:
    key, members = _split_suffix(name, family)
    kind = targets(element, family)[members]
    ending = f".{members[0]}" if family.suffixes else ""
    steps = (Pair(family.key, key, family.latest_by), FirstMember(members))
    place = _PropertyPath(metrics_alias(place.name), place.steps).then(key + ending, *steps)
    return Property(place.name, kind, place.steps)


def _map_entry(place: _PropertyPath, reached: MapOf, name: str) -> Property:
    kind, value = entry_kind(reached), shape(reached.value)
    if kind is not None:
        place = place.then(name, Member(name))
        return Property(place.name, kind, place.steps, value.enum if isinstance(value, Scalar) else ())
    family = family_of(value)
    if isinstance(value, Structure) and family is not None and not family.key:
        key, members = _split_suffix(name, family)
        ending = "" if members == family.value else f".{members[0]}"
        place = place.then(key + ending, Member(key), FirstMember(members))
        return Property(place.name, targets(value, family)[members], place.steps)
    key, rest = _segment(name)
    return _property(place.then(key, Member(key)), value, rest)


def _split_suffix(name: str, family: Family) -> tuple[str, tuple[str, ...]]:
    """A key, and the members that hold its value: those of a suffix, else the family's own."""
    key, dot, last = name.rpartition(".")
    suffix = next((suffix for suffix in family.suffixes if suffix.lower() == last.lower()), None)
    return (key, (suffix,)) if dot and key and suffix else (name, family.value)


def _whole(place: _PropertyPath, reached: Shape) -> Property:
    """The property at the end of a name."""
    match reached:
        case Scalar(kind, enum):
            return Property(place.name, kind, place.steps, enum)
        case ListOf(element):
            inner = shape(element)
            if isinstance(inner, Scalar):  # a list of plain values compares by any of them (row F22)
                return Property(place.name, inner.kind, (*place.steps, Elements()), inner.enum)
    return Property(place.name, value_kinds.STRUCTURE, place.steps)


_DEPTH_MAX: Final = 12
"""Levels of members that `properties()` lists; deeper, the service model's shapes only recur."""


def _enumerate(place: _PropertyPath, reached: Shape, depth: int = 0) -> Iterator[Property]:
    if depth > _DEPTH_MAX:
        return
    match reached:
        case Structure():
            for member in reached.members:
                yield from _enumerate(place.then(member, Member(member)), reached.member(member), depth + 1)
        case ListOf(element):
            yield _whole(place, reached)
            inner = shape(element)
            family = family_of(inner)
            if family is not None and isinstance(inner, Structure):
                yield _of_family(place, family, inner, "<name>")
            if not isinstance(inner, Scalar) and not (family and family.hides_members):
                yield from _enumerate(place.then("", Elements()), inner, depth + 1)
        case MapOf(value):
            yield _whole(place, reached)
            inner = shape(value)
            if isinstance(inner, Scalar) or (isinstance(inner, Structure) and inner.name in FAMILIES):
                yield _map_entry(place, reached, "<name>")
        case Scalar():
            yield _whole(place, reached)
