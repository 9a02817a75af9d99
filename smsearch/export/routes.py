"""How the records of a kind are reached: which operation lists them, which describes one, and with what.

All of it is read off botocore's service model and the catalogue, so that a new kind costs no code. A kind that no List
operation gives is reached by Search, whose results are whole; so is one that nothing describes, if Search knows it. Of
others the summaries are the records. It calls nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import RefusedError
from smsearch.ingest import completion
from smsearch.schema import catalogue, operations
from smsearch.schema.catalogue import Structure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from botocore.model import ServiceModel, Shape

    from smsearch.schema.catalogue import Resource

PAGE_SIZE: Final = 100
"""Records asked for at once; the most that List operations and Search give."""
CHANGED: Final = frozenset({"LastModifiedTime", "LastModifiedAt"})
"""Members that say when a record was changed; one that has none of them has not been, and was made once."""
PARENTS_MAX: Final = 2
"""Parents of parents that are listed: steps are those of executions, which are those of pipelines."""
_IDENTIFIERS: Final = {("InferenceGateway", "Identifier"): ("Arn", "GlobalInferenceGatewayArn")}
"""Members of requests that take what a parent's summary calls otherwise: its member, and the child's for the same."""
_DEMANDED: Final = {"ListPipelineExecutionSteps": ("PipelineExecutionArn",)}
"""Members that operations cannot be asked without, though the service model does not say so."""
_OTHERWISE: Final = frozenset({"NodeLogicalId"})
"""Members of requests that stand for another one and are not given beside it."""
_SINCE: Final = ("LastModifiedTimeAfter", "ModifiedTimeAfter")
_SINCE_CREATED: Final = ("CreationTimeAfter", "CreatedAfter")


@dataclass(frozen=True, slots=True)
class Demand:
    """A member that a List operation demands: one of some choices, or the name or ARN of each record of a parent.

    Attributes:
        member: The request's member.
        choices: The values to ask for one after another; `()` where a parent gives them.
        parent: How the parents are listed, or None.
        source: The member of a parent's summary that is given.
        told: What else a child belongs to its parent by and its own summary does not say: the child's member, and the
            parent's.
    """

    member: str
    choices: tuple[str, ...] = ()
    parent: Listing | None = None
    source: str = ""
    told: tuple[tuple[str, str], ...] = ()


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
    """How the records of one kind are reached: by Search if it has no listing, by List alone if none describes one."""

    resource: Resource
    listing: Listing | None = None
    description: Description | None = None

    @property
    def is_searched(self) -> bool:
        """Whether its records are results of Search."""
        return self.listing is None

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
    if description is not None or (listing is not None and not is_found):
        return Route(resource, listing, description)
    if not is_found:
        raise RefusedError(f"There is no operation of the service that lists every {kind}.")
    return Route(resource)


def _listing(resource: Resource, model: ServiceModel, *, depth: int = 0) -> Listing | None:
    operation = _listing_operation(resource, model)
    if operation is None:
        return None
    asked, given = _input(operation, model), model.operation_model(operation).output_shape
    demanded = [*asked.required_members, *_DEMANDED.get(operation, ())]
    (elements,) = _lists(given)
    own = given.members[elements].member.members.keys()
    demands = tuple(_demands(resource, asked, demanded, own, model, depth)) if depth <= PARENTS_MAX else ()
    if len(demands) < len(demanded):
        return None
    members: dict[str, object] = {"MaxResults": PAGE_SIZE} if "MaxResults" in asked.members else {}
    if "CreationTime" in _enum(asked, "SortBy") and "Ascending" in _enum(asked, "SortOrder"):
        members |= {"SortBy": "CreationTime", "SortOrder": "Ascending"}  # what is made meanwhile comes last
    members |= {name: "Both" for name in asked.members if "Both" in _enum(asked, name)}  # else only unversioned ones
    since = _SINCE if CHANGED & resource.root.members.keys() else (*_SINCE, *_SINCE_CREATED)
    return Listing(operation, elements, members, next((name for name in since if name in asked.members), ""), demands)


def _listing_operation(resource: Resource, model: ServiceModel) -> str | None:
    """`ListModels`, `ListCodeRepositories`, else what the catalogue knows to list the kind; None if nothing does."""
    key = resource.record_key
    plurals = (f"List{key}s", f"List{key.removesuffix('y')}ies")
    known = (name for name in operations.names() if operations.operation(name).kind == resource.name)
    others = (name for name in known if name.startswith("List") and name not in plurals)
    has_describe = _describing_operation(key, model) is not None
    names = (name for name in (*plurals, *(() if has_describe else others)) if name in model.operation_names)
    return next((str(name) for name in names if len(_lists(model.operation_model(name).output_shape)) == 1), None)


def _lists(shape: Shape) -> list[str]:
    return [
        name
        for name, member in shape.members.items()
        if member.type_name == "list" and member.member.type_name == "structure"
    ]


def _demands(
    resource: Resource,
    asked: Shape,
    demanded: Iterable[str],
    own: Collection[str],
    model: ServiceModel,
    depth: int,
) -> Iterator[Demand]:
    """What can be given for each member that is demanded; one for which nothing can be is left out."""
    for member in demanded:
        choices = _enum(asked, member)
        if choices:
            yield Demand(member, choices)
            continue
        for parent in _parents(resource):
            source, child = _IDENTIFIERS.get((resource.name, member), (member, member))
            names = {parent.name_path[-1]: parent.name_path[-1], parent.arn[-1]: parent.arn[-1], child: source}
            if source not in (parent.name_path[-1], parent.arn[-1]):
                continue
            if listing := _listing(parent, model, depth=depth + 1):
                there = resource.root.members.keys() - own
                told = tuple((name, its) for name, its in names.items() if name in there)
                yield Demand(member, parent=listing, source=source, told=told)
                break


def _parents(resource: Resource) -> list[Resource]:
    """The kinds that a kind may belong to, those first whose name is the longest part of its own."""
    kinds = [catalogue.resource(kind) for kind in catalogue.kinds() if kind != resource.name]
    kinds = [kind for kind in kinds if not kind.arn_is_shared]
    return sorted(kinds, key=lambda kind: -len(kind.record_key) * (kind.record_key in resource.name))


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
    renamed = resource.lists.get(listing.elements, {})
    told = {renamed.get(name, name) for name in told}
    demanded_by = {name for demand in listing.demands for name in (demand.member, *dict(demand.told))}
    known = {*told, *demanded_by, *completion.ARN_PARTS.get(resource.name, ())}
    questions = operations.operation(operation).questions if operation in operations.names() else {}
    takes = []
    for member, shape in asked.members.items():
        if member in _OTHERWISE:
            continue
        is_own = member == resource.name_path[-1] and not resource.arn_is_shared
        arn = [resource.arn[-1]] if is_own and resource.arn[-1] in told else []
        names = (member, questions[member].property) if member in questions else (member,)
        sources = [name for name in dict.fromkeys(names) if name in known]
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
