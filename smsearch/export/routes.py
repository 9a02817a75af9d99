"""How the records of a kind are reached: which operation lists them, which describes one, and with what.

All of it is read off botocore's service model, so that a new kind costs no code. A kind that no List operation gives,
or that nothing describes, is reached by Search, whose results are whole. It calls nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import RefusedError
from smsearch.schema import catalogue
from smsearch.schema.catalogue import Structure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import ServiceModel, Shape

    from smsearch.schema.catalogue import Resource

PAGE_SIZE: Final = 100
"""Records asked for at once; the most that List operations and Search give."""
CHANGED: Final = frozenset({"LastModifiedTime", "LastModifiedAt"})
"""Members that say when a record was changed; one that has none of them has not been, and was made once."""
_SINCE: Final = ("LastModifiedTimeAfter", "ModifiedTimeAfter")
_SINCE_CREATED: Final = ("CreationTimeAfter", "CreatedAfter")


@dataclass(frozen=True, slots=True)
class Demand:
    """A member that a List operation demands: one of some choices, or the name of each record of a parent.

    Attributes:
        member: The request's member.
        choices: The values to ask for one after another; `()` where a parent gives them.
        parent: How the parents are listed, or None.
    """

    member: str
    choices: tuple[str, ...] = ()
    parent: Listing | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A List operation.

    Attributes:
        operation: Its name.
        elements: The response's member that holds the records' summaries.
        members: What every request says.
        since: The request's member for the earliest time of change, or `""`.
        demands: What it cannot be asked without.
    """

    operation: str
    elements: str
    members: Mapping[str, object] = field(default_factory=dict)
    since: str = ""
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A Describe operation.

    Attributes:
        operation: Its name.
        takes: The request's members, each with the members of a summary that give it, the first that is there.
        demanded: Those that must be there.
        has_pages: Whether a response may go on in a next one.
    """

    operation: str
    takes: tuple[tuple[str, tuple[str, ...]], ...]
    demanded: frozenset[str]
    has_pages: bool

    def request(self, known: Mapping[str, Any]) -> dict[str, Any] | None:
        """The request for the record that a summary tells of, or None if it does not tell enough."""
        members = {}
        for member, sources in self.takes:
            value = next((known[source] for source in sources if known.get(source) is not None), None)
            if value is not None:
                members[member] = value
        return members if self.demanded <= members.keys() else None


@dataclass(frozen=True, slots=True)
class Route:
    """How the records of one kind are reached; by Search where it has no listing and no description."""

    resource: Resource
    listing: Listing | None = None
    description: Description | None = None

    @property
    def is_tagged(self) -> bool:
        """Whether its records may have tags."""
        root = self.resource.root
        inner = root.member(self.resource.inner) if self.resource.inner else root
        return "Tags" in root.members or (isinstance(inner, Structure) and "Tags" in inner.members)

    def key(self, known: Mapping[str, Any]) -> str:
        """What tells a record from the others of its kind: its ARN, or what it is described by."""
        arn = known.get(self.resource.arn[-1])
        if isinstance(arn, str) and not self.resource.arn_is_shared:
            return arn
        asked = self.description.request(known) if self.description else None
        members = asked or {name: known.get(name) for name in (self.resource.arn[-1], self.resource.name_path[-1])}
        return "/".join(f"{name}={value}" for name, value in sorted(members.items()))


def route(kind: str, model: ServiceModel, *, by_search: bool = False) -> Route:
    """The way to the records of a kind.

    Args:
        kind: A kind of the catalogue.
        model: The service model of the client that will ask.
        by_search: Whether to take Search wherever it knows the kind.

    Raises:
        RefusedError: No operation of the service gives records of the kind.
    """
    resource = catalogue.resource(kind)
    is_found = resource.record_key in model.shape_for("SearchRecord").members  # of other results boto3 shows nothing
    listing = None if by_search and is_found else _listing(resource, model)
    description = _description(resource, model, listing) if listing else None
    if description is not None:
        return Route(resource, listing, description)
    if not is_found:
        raise RefusedError(f"There is no operation of the service that lists every {kind}.")
    return Route(resource)


def _listing(resource: Resource, model: ServiceModel, *, is_parent: bool = False) -> Listing | None:
    operation = _listing_operation(resource.record_key, model)
    if operation is None:
        return None
    asked, given = _input(operation, model), model.operation_model(operation).output_shape
    demands = tuple(_demands(asked, model))
    if len(demands) < len(asked.required_members) or (is_parent and demands):
        return None
    members: dict[str, object] = {"MaxResults": PAGE_SIZE} if "MaxResults" in asked.members else {}
    if "CreationTime" in _enum(asked, "SortBy") and "Ascending" in _enum(asked, "SortOrder"):
        members |= {"SortBy": "CreationTime", "SortOrder": "Ascending"}  # what is made meanwhile comes last
    members |= {name: "Both" for name in asked.members if "Both" in _enum(asked, name)}  # else only unversioned ones
    since = _SINCE if CHANGED & resource.root.members.keys() else (*_SINCE, *_SINCE_CREATED)
    (elements,) = _lists(given)
    return Listing(operation, elements, members, next((name for name in since if name in asked.members), ""), demands)


def _listing_operation(key: str, model: ServiceModel) -> str | None:
    """`ListModels`, `ListCodeRepositories`; None if nothing of that name gives one list of structures."""
    for plural in (f"{key}s", f"{key.removesuffix('y')}ies"):
        operation = f"List{plural}"
        if operation in model.operation_names and len(_lists(model.operation_model(operation).output_shape)) == 1:
            return operation
    return None


def _lists(shape: Shape) -> list[str]:
    return [
        name
        for name, member in shape.members.items()
        if member.type_name == "list" and member.member.type_name == "structure"
    ]


def _demands(asked: Shape, model: ServiceModel) -> Iterator[Demand]:
    """What can be given for each member that is demanded; one for which nothing can be is left out."""
    for member in asked.required_members:
        choices = _enum(asked, member)
        if choices:
            yield Demand(member, choices)
            continue
        for kind in catalogue.kinds():
            parent = catalogue.resource(kind)
            if parent.name_path[-1] == member and (listing := _listing(parent, model, is_parent=True)):
                yield Demand(member, parent=listing)
                break


def _enum(shape: Shape, member: str) -> tuple[str, ...]:
    return tuple(getattr(shape.members.get(member), "enum", ()) or ())


def _input(operation: str, model: ServiceModel) -> Shape:
    return model.operation_model(operation).input_shape


def _description(resource: Resource, model: ServiceModel, listing: Listing) -> Description | None:
    operation = _describing_operation(resource.record_key, model)
    if operation is None:
        return None
    asked, given = _input(operation, model), model.operation_model(operation).output_shape
    told = model.operation_model(listing.operation).output_shape.members[listing.elements].member.members
    known = {*told, *(demand.member for demand in listing.demands)}
    takes = []
    for member, shape in asked.members.items():
        arn = [resource.arn[-1]] if member == resource.name_path[-1] and resource.arn[-1] in told else []
        sources = [member] if member in known else []
        if shape.name.startswith("Versioned"):  # a name says nothing of the version, and may be missing
            sources = [*arn, *sources]
        elif member in asked.required_members:
            sources += arn
        if sources:
            takes.append((member, tuple(sources)))
    demanded = frozenset(asked.required_members)
    if not demanded <= {member for member, _ in takes}:
        return None
    return Description(operation, tuple(takes), demanded, "NextToken" in asked.members and "NextToken" in given.members)


def _describing_operation(key: str, model: ServiceModel) -> str | None:
    """`DescribeModel`; the second version of one where there are two, since it describes what both have made."""
    found = (name for name in (f"Describe{key}V2", f"Describe{key}") if name in model.operation_names)
    return next(found, None)
