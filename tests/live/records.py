"""Short ways to write the records and requests of the tests in this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.schema.record import Record
from smsearch.syntax.ast import Filter, NestedFilters, SearchExpression, SortOrder

if TYPE_CHECKING:
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.syntax.operators import Operator

ACCOUNT = "123456789012"


def arn_of(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:sagemaker:eu-west-1:{account}:training-job/{name}"


def job(
    name: str,
    *,
    arn: str | None = None,
    modified: int | None = None,
    is_partial: bool = False,
    extras: tuple[tuple[str, ...], ...] = (),
    **members: object,
) -> Record:
    """A training job; `arn=""` has no ARN."""
    arn = arn_of(name) if arn is None else arn
    document: dict[str, Any] = {"TrainingJobName": name, **members}
    if arn:
        document["TrainingJobArn"] = arn
    if modified is not None:
        document["LastModifiedTime"] = modified / 1_000_000
    return Record("TrainingJob", arn, name, document, modified, is_partial, extras)


def schema(resource: str = "TrainingJob") -> Schema:
    return Schema(catalogue.resource(resource))


def where(name: str, operator: Operator, value: str | None = None, resource: str = "TrainingJob") -> Predicate:
    return bind(SearchExpression((Filter(name, operator, value),)), schema(resource), DEFAULT)


def where_element(name: str, *filters: Filter, resource: str = "TrainingJob") -> Predicate:
    expression = SearchExpression(nested_filters=(NestedFilters(name, filters),))
    return bind(expression, schema(resource), DEFAULT)


def by(name: str | None = None, order: SortOrder | None = None, resource: str = "TrainingJob") -> SortKey:
    return bind_sort(name, order, schema(resource))
