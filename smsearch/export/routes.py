"""Finds the operations that list and describe the records of a kind, and the requests that they need.

Everything is read from botocore's service model and the catalogue, so a new kind costs no code. A kind without a List
operation is fetched with Search, whose results are whole; so is a kind without a Describe operation that Search has.
For other kinds the summaries are the records. This module calls no operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import RefusedError
from smsearch.ingest import completion
from smsearch.schema import catalogue, operations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from botocore.model import ServiceModel, Shape

    from smsearch.schema.catalogue import Resource

PAGE_SIZE: Final = 100
"""Records on a page; the most that List operations and Search give."""
CHANGED: Final = frozenset({"LastModifiedTime", "LastModifiedAt"})
"""Members with the time of the last change; a record without them never changes."""
PARENTS_MAX: Final = 2
"""Generations of parents that are listed: steps belong to executions, and executions to pipelines."""
_IDENTIFIERS: Final = {("InferenceGateway", "Identifier"): ("Arn", "GlobalInferenceGatewayArn")}
"""Members of requests that have another name in the parent's summary, and in the child: those two names."""
_REQUIRED: Final = {"ListPipelineExecutionSteps": ("PipelineExecutionArn",)}
"""Members that an operation requires, though the service model does not say so."""
_ALTERNATIVES: Final = frozenset({"NodeLogicalId"})
"""Members of requests that replace another member, and cannot be sent with it."""
_SINCE: Final = ("LastModifiedTimeAfter", "ModifiedTimeAfter")
_SINCE_CREATED: Final = ("CreationTimeAfter", "CreatedAfter")


@dataclass(frozen=True, slots=True)
class RequiredMember:
    """A member that a List operation requires: one of some choices, or the name or ARN of each record of a parent.

    Attributes:
        member: The request's member.
        choices: The values, one request for each; `()` if a parent gives them.
        parent: The List operation of the parents, or None.
        source: The member of a parent's summary that holds the value.
        inherited: Members of the parent that a child has and its own summary leaves out: the child's name of each, and
            the parent's.
    """

    member: str
    choices: tuple[str, ...] = ()
    parent: ListOperation | None = None
    source: str = ""
    inherited: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListOperation:
    """A List operation.

    Attributes:
        operation: Its name.
        elements: The response's member that holds the records' summaries.
        members: The members of every request.
        since: The request's member for the earliest time of change, or `""`.
        required: The members that every request requires.
    """

    operation: str
    elements: str
    members: Mapping[str, object] = field(default_factory=dict)
    since: str = ""
    required: tuple[RequiredMember, ...] = ()


@dataclass(frozen=True, slots=True)
class DescribeOperation:
    """A Describe operation.

    Attributes:
        operation: Its name.
        sources: The request's members, each with the members of a summary that may give it; the first present one does.
        required: The members that a request requires.
        has_pages: Whether a response may have a next page.
    """

    operation: str
    sources: tuple[tuple[str, tuple[str, ...]], ...]
    required: frozenset[str]
    has_pages: bool

    def request(self, record: Mapping[str, Any]) -> dict[str, Any] | None:
        """The request for a record, given its listed members; None if a required member is missing."""
        values = {
            member: next((record[source] for source in sources if record.get(source) is not None), None)
            for member, sources in self.sources
        }
        members = {member: value for member, value in values.items() if value is not None}
        return members if self.required <= members.keys() else None


@dataclass(frozen=True, slots=True)
class Route:
    """The operations for one kind: Search if there is no listing, List alone if there is no description."""

    resource: Resource
    listing: ListOperation | None = None
    description: DescribeOperation | None = None

    @property
    def is_tagged(self) -> bool:
        """Whether its records may have tags."""
        return "Tags" in self.resource.root.members or "Tags" in self.resource.described.members

    def key(self, record: Mapping[str, Any]) -> str:
        """A text that tells a listed record from the others of its kind: its ARN, or the request that describes it."""
        arn = record.get(self.resource.arn[-1])
        if isinstance(arn, str) and not self.resource.arn_is_shared:
            return arn
        request = self.description.request(record) if self.description else None
        identity = (self.resource.arn[-1], self.resource.name_path[-1])
        members = request or {name: record.get(name) for name in identity}
        return "/".join(f"{name}={value}" for name, value in sorted(members.items()))


def route(kind: str, model: ServiceModel, *, by_search: bool = False) -> Route:
    """Finds the operations for a kind.

    Args:
        kind: A kind of the catalogue.
        model: The service model of the client that calls them.
        by_search: Whether to use Search for every kind that it has.

    Raises:
        RefusedError: No operation of the service gives records of the kind.
    """
    resource = catalogue.resource(kind)
    has_search = resource.record_key in model.shape_for("SearchRecord").members  # boto3 drops other results
    listing = None if by_search and has_search else _listing(resource, model)
    description = _description(resource, model, listing) if listing else None
    if description is not None or (listing is not None and not has_search):
        return Route(resource, listing, description)
    if not has_search:
        raise RefusedError(f"There is no operation of the service that lists every {kind}.")
    return Route(resource)


def _listing(resource: Resource, model: ServiceModel, *, depth: int = 0) -> ListOperation | None:
    operation = _list_operation_name(resource, model)
    if operation is None:
        return None
    request, response = _shapes(operation, model)
    names = [*request.required_members, *_REQUIRED.get(operation, ())]
    (elements,) = _lists(response)
    own = response.members[elements].member.members.keys()
    required = tuple(_required_members(resource, request, names, own, model, depth)) if depth <= PARENTS_MAX else ()
    if len(required) < len(names):
        return None
    members: dict[str, object] = {"MaxResults": PAGE_SIZE} if "MaxResults" in request.members else {}
    if "CreationTime" in _enum(request, "SortBy") and "Ascending" in _enum(request, "SortOrder"):
        members |= {"SortBy": "CreationTime", "SortOrder": "Ascending"}  # records made during the export come last
    members |= {name: "Both" for name in request.members if "Both" in _enum(request, name)}  # not only unversioned ones
    times = _SINCE if CHANGED & resource.root.members.keys() else (*_SINCE, *_SINCE_CREATED)
    since = next((name for name in times if name in request.members), "")
    return ListOperation(operation, elements, members, since, required)


def _list_operation_name(resource: Resource, model: ServiceModel) -> str | None:
    """`ListModels`, `ListCodeRepositories`, else the List operation that the catalogue has for the kind; or None."""
    key = resource.record_key
    names = [f"List{key}s", f"List{key.removesuffix('y')}ies"]
    if _describe_operation_name(key, model) is None:
        own = (name for name in operations.names() if operations.operation(name).kind == resource.name)
        names += [name for name in own if name.startswith("List")]
    offered = (name for name in names if name in model.operation_names)
    return next((name for name in offered if len(_lists(_shapes(name, model)[1])) == 1), None)


def _lists(shape: Shape) -> list[str]:
    return [
        name
        for name, member in shape.members.items()
        if member.type_name == "list" and member.member.type_name == "structure"
    ]


def _required_members(
    resource: Resource,
    request: Shape,
    names: Iterable[str],
    own: Collection[str],
    model: ServiceModel,
    depth: int,
) -> Iterator[RequiredMember]:
    """The values of each required member; a member without values is left out."""
    for member in names:
        choices = _enum(request, member)
        if choices:
            yield RequiredMember(member, choices)
            continue
        for parent in _parents(resource):
            source, child = _IDENTIFIERS.get((resource.name, member), (member, member))
            identity = {parent.name_path[-1]: parent.name_path[-1], parent.arn[-1]: parent.arn[-1], child: source}
            if source not in (parent.name_path[-1], parent.arn[-1]):
                continue
            if listing := _listing(parent, model, depth=depth + 1):
                missing = resource.root.members.keys() - own
                inherited = tuple((name, its) for name, its in identity.items() if name in missing)
                yield RequiredMember(member, parent=listing, source=source, inherited=inherited)
                break


def _parents(resource: Resource) -> list[Resource]:
    """The kinds that a kind may belong to; kinds whose name is a long part of its own name come first."""
    kinds = [catalogue.resource(kind) for kind in catalogue.kinds() if kind != resource.name]
    kinds = [kind for kind in kinds if not kind.arn_is_shared]
    return sorted(kinds, key=lambda kind: -len(kind.record_key) * (kind.record_key in resource.name))


def _enum(shape: Shape, member: str) -> tuple[str, ...]:
    return tuple(getattr(shape.members.get(member), "enum", ()) or ())


def _shapes(operation: str, model: ServiceModel) -> tuple[Shape, Shape]:
    """The shapes of an operation's request and response."""
    shapes = model.operation_model(operation)
    return shapes.input_shape, shapes.output_shape


def _description(resource: Resource, model: ServiceModel, listing: ListOperation) -> DescribeOperation | None:
    operation = _describe_operation_name(resource.record_key, model)
    if operation is None:
        return None
    request, response = _shapes(operation, model)
    summary = _shapes(listing.operation, model)[1].members[listing.elements].member.members
    renamed = resource.lists.get(listing.elements, {})
    own = {renamed.get(name, name) for name in summary}
    inherited = {name for one in listing.required for name in (one.member, *dict(one.inherited))}
    listed = {*own, *inherited, *completion.ARN_PARTS.get(resource.name, ())}
    questions = operations.operation(operation).questions if operation in operations.names() else {}
    members = []
    for member, shape in request.members.items():
        if member in _ALTERNATIVES:
            continue
        is_name = member == resource.name_path[-1] and not resource.arn_is_shared
        arn = [resource.arn[-1]] if is_name and resource.arn[-1] in own else []
        names = (member, questions[member].property) if member in questions else (member,)
        sources = [name for name in dict.fromkeys(names) if name in listed]
        if shape.name.startswith("Versioned"):  # a name alone does not tell the version, and may be missing
            sources = [*arn, *sources]
        elif member in request.required_members:
            sources += arn
        if sources:
            members.append((member, tuple(sources)))
    required = frozenset(request.required_members)
    if not required <= dict(members).keys():
        return None
    has_pages = "NextToken" in request.members and "NextToken" in response.members
    return DescribeOperation(operation, tuple(members), required, has_pages)


def _describe_operation_name(key: str, model: ServiceModel) -> str | None:
    """`DescribeModel`; its second version if there are two, since that describes the records of both."""
    return next((name for name in (f"Describe{key}V2", f"Describe{key}") if name in model.operation_names), None)
