"""Checks whether the service would accept a query, and which rules it breaks; it needs no record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch import limits
from smsearch.api.request import check_text
from smsearch.errors import RequestError
from smsearch.frozen import frozen
from smsearch.policy import DEFAULT
from smsearch.predicate import bind
from smsearch.syntax import check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsearch.cli.standard_error import StandardError
    from smsearch.schema.names import Schema
    from smsearch.syntax.ast import SearchExpression
    from smsearch.syntax.check import Usage
    from smsearch.syntax.query import Query


@frozen
class LintResult:
    """The rules that a query breaks, and the limits that it uses.

    Attributes:
        breaches: What no request can say; the first breach of the limits, of names and values, and of the order.
        usage: How much of the limits the conditions use; None without conditions, or if a limit is broken.
    """

    breaches: tuple[RequestError, ...]
    usage: Usage | None

    @property
    def is_accepted(self) -> bool:
        """Whether the service would accept it."""
        return not self.breaches

    def write(self, stderr: StandardError) -> None:
        """Writes a note of the limits that are used, or a warning for each breach with its row of docs/semantics.md."""
        for error in self.breaches:
            rule = f" (rule {error.row} of docs/semantics.md)" if error.row else ""
            stderr.warning(f"the service would refuse this: {error}{rule}")
        if self.is_accepted:
            stderr.note(f"note: the service would accept this{_used(self.usage)}")


def _used(usage: Usage | None) -> str:
    if usage is None:
        return ""
    conditions = f"{usage.conditions} of {limits.CONDITIONS_MAX} conditions"
    return f": {conditions}, {usage.contains} of {limits.CONTAINS_MAX} limited Contains"


def lint(query: Query, schema: Schema, members: Mapping[str, Any] | None = None) -> LintResult:
    """Checks a query against the properties that the service itself knows.

    Args:
        query: The query, its aliases expanded.
        schema: What can be asked of its resource.
        members: Its conditions as JSON, if they came as JSON.
    """
    usage: list[Usage] = []
    steps: list[Callable[[], object]] = []
    expression = query.expression
    if expression is not None:
        steps.append(lambda: usage.append(_within_limits(expression, schema, members)))
        steps.append(lambda: bind.bind(expression, schema, DEFAULT))
    sort_by = query.sort_by
    if sort_by is not None:
        steps.append(lambda: check_text(sort_by, 1, limits.NAME_LENGTH_MAX, limits.TEXT_PATTERN, "SortBy"))
    steps.append(lambda: bind.bind_sort(query.sort_by, query.sort_order, schema))
    breaches = tuple(error for error in map(_breach, steps) if error is not None)
    return LintResult((*query.refusals, *breaches), usage[0] if usage else None)


def _within_limits(expression: SearchExpression, schema: Schema, members: Mapping[str, Any] | None) -> Usage:
    if members is not None:
        check.check_lists(members)
    return check.check(expression, schema.resource.name, is_sent=True)


def _breach(step: Callable[[], object]) -> RequestError | None:
    try:
        step()
    except RequestError as error:
        return error
    return None
