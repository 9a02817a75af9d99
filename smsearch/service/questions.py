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
from smsearch.service.inputs import VALIDATION
from smsearch.service.missing import not_found
from smsearch.service.relations import RELATED, arns_of_parent, property_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from smsearch.schema.operations import Operation, Question
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

PAGING = frozenset({"NextToken", "MaxResults", "SortBy", "SortOrder"})
_EVERYTHING = ("Both", "AllData", False)
"""The choices that leave nothing out (`ModelPackageType`, `IncludedData`, `ExcludeDevices...`)."""
_INCLUDING: Final = frozenset({"IncludeAvailableUpgrade", "IncludeNodeLogicalIds"})
"""Members that may only add to an answer, and what they would add no record has."""
_MOMENTS = {"after": Relation.GT, "before": Relation.LT}
_OWNED_BY_AWS: Final = "aws"


def predicate_of(operation: Operation, given: Mapping[str, Any], searcher: Searcher) -> Predicate:
    """The records that an input asks for.

    Raises:
        ServiceError: It asks what records cannot tell, or of another kind's record that is not there.
    """
    terms = []
    for name, value in _with_defaults(operation, given).items():
        question = operation.questions.get(name)
        if name in PAGING or (question is None and value in _EVERYTHING) or name in _INCLUDING:
            continue
        if question is None:
            message = f"{operation.name} cannot answer {name} offline: no member of a {operation.kind} tells it."
            raise ServiceError(VALIDATION, f"{message} Leave it out.")
        terms.append(_term(operation, question, value, searcher))
    return all_of(terms)


def refuse_untold(operation: Operation, given: Mapping[str, Any], searcher: Searcher) -> None:
    """Refuses a question that found nothing because no record says what it asks for, though there are records.

    Raises:
        ServiceError: No record of the kind has a member that the operation demands to be asked for: rows of a page of
            ListClusterNodes do not say of which cluster they are.
    """
    for name, question in operation.questions.items():
        if name not in given or not operation.inputs[name].is_required or question.test != "equals":
            continue
        prop = property_of(operation.kind, question.property, searcher)
        is_there = searcher.engine.count(operation.kind, Match(prop, Present()))
        if not is_there and searcher.resources().get(operation.kind):
            message = f"{operation.name} cannot answer {name}: no {operation.kind} of the dump has {prop.name}."
            raise ServiceError(VALIDATION, f"{message} `smsearch export` writes it.")


def _with_defaults(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """An input with what the service assumes: packages without versions, unless a group is asked for."""
    question = operation.questions.get("ModelPackageType")
    is_said = "ModelPackageType" in given or "ModelPackageGroupName" in given
    return {**given, "ModelPackageType": "Unversioned"} if question is not None and not is_said else dict(given)


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
    return tuple(int(part) if part.isdecimal() else -1 for part in text.split("."))


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
    "versioned": _versioned,
}
