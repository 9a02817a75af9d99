"""Makes a predicate of what an operation's input asks, over the same properties as Search.

It knows inputs that were checked, and nothing of pages.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import ServiceError
from smsearch.predicate import bind
from smsearch.predicate.predicate import (
    InAccount,
    Match,
    NumberIs,
    Predicate,
    Present,
    Relation,
    TextContains,
    TextIn,
    TimestampIs,
    all_of,
    any_of,
    negation,
)
from smsearch.schema import catalogue, values
from smsearch.service import metadata_only, pipeline_versions
from smsearch.service.inputs import VALIDATION
from smsearch.service.missing import not_found
from smsearch.service.relations import RELATED, arns_of_parent, property_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from smsearch.schema.operations import Operation, Question
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

PAGING = frozenset({"NextToken", "MaxResults", "SortBy", "SortOrder"})
_INCLUDING: Final = frozenset({"IncludeAvailableUpgrade", "IncludeNodeLogicalIds"})
"""Members that may only add to an answer, and what they would add no record has."""
_PICKING: Final = frozenset({metadata_only.INCLUDED, pipeline_versions.ID, pipeline_versions.ALIAS})
"""Members that say what is shown of the record that the others name, and ask nothing of it."""
_UNTOLD: Final = {
    ("DescribeImageVersion", "Alias"): "no operation shows which version of an image has an alias",
}
"""Why no record can answer a member of an input, where more can be said than that none does."""
_MOMENTS = {"after": Relation.GT, "before": Relation.LT}
_OWNED_BY_AWS: Final = "aws"
_ELSEWHERE: Final = "ExcludeDevicesDeployedInOtherStage"
_PLANS: Final = ("InstanceGroups.TrainingPlanArn", "RestrictedInstanceGroups.TrainingPlanArn")
"""Where a described cluster has the training plans that a row of ListClusters has in one list."""


def predicate_of(operation: Operation, members: Mapping[str, Any], searcher: Searcher) -> Predicate:
    """The records that an input asks for.

    Raises:
        ServiceError: It asks what records cannot tell, or of another kind's record that is not there.
    """
    for name in members.keys() - operation.questions.keys() - PAGING - _INCLUDING - _PICKING:
        reason = _UNTOLD.get((operation.name, name), f"no record of the kind {operation.kind} tells it")
        raise ServiceError(VALIDATION, f"{operation.name} cannot answer {name} offline: {reason}. Leave it out.")
    completed = _with_defaults(operation, members)
    questions = {name: operation.questions[name] for name in completed if name in operation.questions}
    return all_of([_term(operation, question, completed[name], searcher) for name, question in questions.items()])


def refuse_untold(operation: Operation, members: Mapping[str, Any], searcher: Searcher) -> None:
    """Refuses a question that found nothing because no record says what it asks for, though there are records.

    Raises:
        ServiceError: No record of the kind has a member that the operation demands to be asked for: rows of a page of
            ListClusterNodes do not say of which cluster they are.
    """
    for name, question in operation.questions.items():
        if name not in members or not operation.inputs[name].is_required or question.test != "equals":
            continue
        prop = property_of(operation.kind, question.property, searcher)
        is_there = searcher.engine.count(operation.kind, Match(prop, Present()))
        if not is_there and searcher.resources().get(operation.kind):
            message = f"{operation.name} cannot answer {name}: no {operation.kind} of the dump has {prop.name}."
            raise ServiceError(VALIDATION, f"{message} `smsearch export` writes it.")


def refuse_regions(operation: Operation, prop: Property, searcher: Searcher) -> None:
    """Refuses an order by account, which is that of the ARNs while they are all of one region.

    Raises:
        ServiceError: The ARNs are of several regions, by which they would be ordered first.
    """
    regions = {tuple(arn.split(":")[:4]) for arn in texts_of(operation.kind, prop, searcher)}
    if len(regions) > 1:
        message = f"{operation.name} cannot sort by AccountIdOwner: the dump has records of several regions."
        raise ServiceError(VALIDATION, f"{message} Sort by another property.")


def _with_defaults(operation: Operation, members: Mapping[str, Any]) -> dict[str, Any]:
    """An input with what the service assumes: packages without versions, unless a group is asked for."""
    completed = dict(members)
    if "ModelPackageType" in operation.questions and "ModelPackageGroupName" not in members:
        completed.setdefault("ModelPackageType", "Unversioned")
    if _ELSEWHERE in members:
        completed[_ELSEWHERE] = members["StageName"] if members[_ELSEWHERE] else ""
    return completed


def _term(operation: Operation, question: Question, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    if question.test in RELATED:
        return RELATED[question.test](value, searcher)
    prop = property_of(operation.kind, question.property, searcher)
    match question.test:
        case "contains":
            return Match(prop, TextContains(value, searcher.policy.contains_ignores_case))
        case "after" | "before":
            return _moment(operation, question, value, searcher)
        case "owner":
            return _owned(operation, question, prop, value, searcher)
        case "equals":
            return _equal(operation, prop, value, searcher)
        case test:
            return _TESTS[test](operation, prop, value, searcher)


def _moment(operation: Operation, question: Question, value: float, searcher: Searcher) -> Predicate:
    """A time, or what stands for it in records that do not have it: the first of others that is there."""
    test = TimestampIs(_MOMENTS[question.test], values.micros_of(value))
    props = [property_of(operation.kind, name, searcher) for name in (question.property, *question.otherwise)]
    return any_of(
        [
            all_of([Match(prop, test), *(negation(Match(before, Present())) for before in props[:at])])
            for at, prop in enumerate(props)
        ]
    )


def _owned(operation: Operation, question: Question, prop: Property, name: str, searcher: Searcher) -> Predicate:
    """What belongs to another kind's record that has a name or ARN."""
    arns = arns_of_parent(operation.kind, prop, question.owner, name, searcher)
    if arns:
        return Match(prop, TextIn(arns))
    if searcher.engine.find(question.owner, name):
        return any_of([])
    raise not_found(operation, question.owner, name, searcher)


def _equal(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    if prop.kind.is_number:
        return Match(prop, NumberIs(Relation.EQ, Decimal(str(value))))
    if not (isinstance(value, str) and value.startswith("arn:")) or prop.name.endswith("Arn"):
        return Match(prop, TextIn((str(value),)))
    named = Match(prop, TextIn((value, value.rpartition("/")[2])))  # what takes a name takes an ARN
    kind = catalogue.resource(operation.kind)
    if prop.name != ".".join(kind.name_path):
        return named
    arn = searcher.engine.schema(operation.kind).property(".".join(kind.arn))
    return any_of([Match(arn, TextIn((value,))), Match(prop, TextIn((value,)))])


def _prefix(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    return _any_text(prop, texts_of(operation.kind, prop, searcher, value))


def _versioned(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401, ARG001
    """Model packages with a version, or without: `Versioned`, `Unversioned`, `Both`."""
    has_version = Match(prop, Present())
    return {"Versioned": has_version, "Unversioned": negation(has_version)}.get(value, all_of([]))


def _manager(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401, ARG001
    """Who manages a pipeline: its ARN names the service in the place of an account, or an account."""
    is_managed = Match(prop, InAccount(_OWNED_BY_AWS))
    return is_managed if value == "AWS" else negation(is_managed)


def _account(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401, ARG001
    """Records of the dump's own account, or of another (row R10)."""
    bind_account = bind.bind_own_account if value == "SameAccount" else bind.bind_other_account
    return bind_account(searcher.engine.main_account(), searcher.engine.schema(operation.kind))


def _at_least(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    return _versions(operation, prop, searcher, lambda version: version >= _version_of(value))


def _at_most(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    return _versions(operation, prop, searcher, lambda version: version <= _version_of(value))


def _versions(
    operation: Operation, prop: Property, searcher: Searcher, holds: Callable[[tuple[int, ...]], bool]
) -> Predicate:
    """The records whose version (`1.10.0`) satisfies a test of its numbers."""
    texts = texts_of(operation.kind, prop, searcher)
    return _any_text(prop, (text for text in texts if holds(_version_of(text))))


def _any_text(prop: Property, texts: Iterable[str]) -> Predicate:
    items = tuple(texts)
    return Match(prop, TextIn(items)) if items else any_of([])


def _version_of(text: str) -> tuple[int, ...]:
    return tuple(int(number) if number.isdecimal() else -1 for number in text.split("."))


def _training_plan(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401
    """Clusters one of whose instance groups has a training plan."""
    props = [prop, *(property_of(operation.kind, name, searcher) for name in _PLANS)]
    return any_of([Match(one, TextIn((value,))) for one in props])


def _unless_elsewhere(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401, ARG001
    """Devices that are deployed in the stage that is asked for, or in none; all of them, if no stage is."""
    return any_of([negation(Match(prop, Present())), Match(prop, TextIn((value,)))]) if value else all_of([])


def _named(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401, ARG001
    """`[{"Name": "Status", "Value": "Active"}]`: every one must hold."""
    terms: list[Predicate] = []
    for condition in value:
        name = condition.get("Name") if isinstance(condition, dict) else None
        text = condition.get("Value") if isinstance(condition, dict) else None
        if not isinstance(name, str) or not isinstance(text, str):
            raise ServiceError(VALIDATION, f"Each of the Filters of {operation.name} has a Name and a Value.")
        terms.append(Match(property_of(operation.kind, name, searcher), TextIn((text,))))
    return all_of(terms)


_TESTS: Final[Mapping[str, Callable[[Operation, Property, Any, Searcher], Predicate]]] = {
    "account": _account,
    "at_least": _at_least,
    "at_most": _at_most,
    "manager": _manager,
    "named": _named,
    "prefix": _prefix,
    "training_plan": _training_plan,
    "unless_elsewhere": _unless_elsewhere,
    "versioned": _versioned,
}
