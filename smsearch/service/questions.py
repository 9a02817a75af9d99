"""Makes a predicate of what an operation's input asks, over the same properties as Search.

It knows inputs that were checked, and nothing of pages.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smsearch.errors import ServiceError
from smsearch.predicate.predicate import (
    Match,
    NumberIs,
    Predicate,
    Relation,
    TextContains,
    TextIn,
    TimestampIs,
    all_of,
    any_of,
)
from smsearch.schema import catalogue, values
from smsearch.schema.catalogue import Kind
from smsearch.service.inputs import VALIDATION
from smsearch.service.missing import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.operations import Operation, Question
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

PAGING = frozenset({"NextToken", "MaxResults", "SortBy", "SortOrder"})
_EVERYTHING = ("Both", "AllData")
"""The choices of enumerations that leave nothing out (`ModelPackageType`, `IncludedData`)."""
_MOMENTS = {"after": Relation.GT, "before": Relation.LT}


def predicate_of(operation: Operation, given: Mapping[str, Any], searcher: Searcher) -> Predicate:
    """The records that an input asks for.

    Raises:
        ServiceError: It asks what records cannot tell, or of another kind's record that is not there.
    """
    terms = []
    for name, value in given.items():
        question = operation.questions.get(name)
        if name in PAGING or (question is None and value in _EVERYTHING):
            continue
        if question is None:
            message = f"{operation.name} cannot answer {name} offline: no member of a record tells it."
            raise ServiceError(VALIDATION, f"{message} Leave it out.")
        terms.append(_term(operation, question, value, searcher))
    return all_of(terms)


def property_of(kind: str, name: str, searcher: Searcher) -> Property:
    """A property by its name within what Describe shows."""
    inner = catalogue.resource(kind).inner
    return searcher.records.schema(kind).property(f"{inner}.{name}" if inner else name)


def _term(operation: Operation, question: Question, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    prop = property_of(operation.kind, question.property, searcher)
    match question.test:
        case "contains":
            return Match(prop, TextContains(value, searcher.policy.contains_ignores_case))
        case "after" | "before":
            return Match(prop, TimestampIs(_MOMENTS[question.test], values.micros_of(value)))
        case "owner":
            return Match(prop, TextIn(_arns_of(operation, question.owner, value, searcher)))
        case _:
            return _equal(operation, prop, value, searcher)


def _equal(operation: Operation, prop: Property, value: Any, searcher: Searcher) -> Predicate:  # noqa: ANN401 - JSON
    if prop.kind in {Kind.INTEGER, Kind.NUMBER}:
        return Match(prop, NumberIs(Relation.EQ, Decimal(str(value))))
    if not (isinstance(value, str) and value.startswith("arn:")) or prop.name.endswith("Arn"):
        return Match(prop, TextIn((str(value),)))
    named = Match(prop, TextIn((value, value.rpartition("/")[2])))  # what takes a name takes an ARN
    kind = catalogue.resource(operation.kind)
    if prop.name != ".".join(kind.name_path):
        return named
    arn = searcher.records.schema(operation.kind).property(".".join(kind.arn))
    return any_of([Match(arn, TextIn((value,))), Match(prop, TextIn((value,)))])


def _arns_of(operation: Operation, owner: str, name: str, searcher: Searcher) -> tuple[str, ...]:
    """The ARNs of another kind's records that have a name or ARN."""
    if name.startswith("arn:"):
        return (name,)
    found = searcher.records.find(owner, name)
    if not found:
        raise not_found(operation, owner, catalogue.resource(owner).record_key, name)
    return tuple(record.arn for record in found)
