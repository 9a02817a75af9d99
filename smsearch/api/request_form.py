"""Forms of Search requests, as databases keep prepared statements: all of a request but the values of its filters.

Requests of one form differ in those values alone. What does not depend on them is read, checked and bound once:

    {"Resource": "TrainingJob", "SearchExpression": {"Filters": [{"Name": "Metrics.loss", "Value": "0.1"}]}}
    {"Resource": "TrainingJob", "SearchExpression": {"Filters": [{"Name": "Metrics.loss", "Value": "0.2"}]}}

Invariant: with values, a form gives what `parse` and `bind` give of the whole request, by the same rules of values. It
refuses nothing and words nothing: where a value does not pass, or a request has another shape than such requests have,
it gives None, and the whole request is read. It knows no record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch import limits
from smsearch.api import next_token
from smsearch.errors import RequestError
from smsearch.frozen import field, frozen
from smsearch.predicate.bind import bind_values
from smsearch.predicate.predicate import all_of
from smsearch.syntax.ast import FILTERS, NESTED_FILTERS, SUB_EXPRESSIONS
from smsearch.syntax.check import is_sendable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.api.request import SearchRequest
    from smsearch.policy import Policy
    from smsearch.predicate.bound import BoundExpression
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate

_EXPRESSION: Final = "SearchExpression"
_TEXT_OR_NONE: Final = frozenset((str, type(None)))
FormName = tuple[object, ...]
"""What requests of one form have in common: the names of their members in order, and all they say but the values."""


class _NoForm(Exception):  # noqa: N818 - never leaves this module
    """The request is not one that is known by its form."""


@frozen
class RequestForm:
    """What requests of one form mean, over one snapshot of the records.

    Attributes:
        request: The request that was read whole.
        values: Its values, as `part` gives them.
        bound: Its expression.
        others: The conditions beside it, which have no value of a filter.
        key: The order.
        snapshot: The content for which it is good.
    """

    request: SearchRequest
    values: list[str]
    bound: BoundExpression
    others: list[Predicate]
    key: SortKey
    snapshot: str
    _spelled: list[str] = field(default_factory=list, init=False, compare=False)
    """What fingerprints are made of, parted at the values; worked out when a second request is of this form."""

    def bind(self, values: list[str], policy: Policy) -> Predicate | None:
        """What the request with these values means; None where one of them does not pass.

        Also None where the values are not those of the filters: an Exists drops its value (row F4), for one.
        """
        if not self._spelled:  # it has the filters in the order of binding
            self._spelled[:] = next_token.parted(self.request, self.values) or []
        if not (self._spelled and all(map(is_sendable, values))):
            return None
        try:
            bound = bind_values(self.bound, iter(values), policy)
        except RequestError:
            return None
        return all_of([bound, *self.others])

    def fingerprint(self, values: list[str]) -> bytes:
        """The fingerprint of the request with these values, which were bound."""
        return next_token.fingerprint_with(self._spelled, values)


def part(members: Mapping[str, Any]) -> tuple[FormName, list[str]] | None:
    """The name of a request's form, and the values; None for a request that is not known by its form.

    Args:
        members: The request, read from JSON: of text that is Unicode, and of no other types than JSON's.
    """
    values: list[str] = []
    plain: list[object] = []
    for name, member in members.items():
        if name == "NextToken" and member:  # a later page is known by its token
            return None
        if name != _EXPRESSION:
            if type(member) not in _TEXT_OR_NONE and type(member) is not int:  # true equals 1, and is refused
                return None
            plain += name, member
    try:
        return (_part_expression(members.get(_EXPRESSION), values, 1), *plain), values
    except _NoForm:
        return None


def _part_expression(expression: object, values: list[str], depth: int) -> FormName:
    """The form of an expression; its values are added, in the order in which filters are bound."""
    if type(expression) is not dict or depth > limits.CONDITIONS_MAX:
        raise _NoForm
    return (
        tuple(expression),
        _text(expression.get("Operator")),
        _part_filters(expression, values),
        tuple([_part_nested(nested, values) for nested in _list(expression.get(NESTED_FILTERS))]),
        tuple([_part_expression(inner, values, depth + 1) for inner in _list(expression.get(SUB_EXPRESSIONS))]),
    )


def _part_nested(nested: object, values: list[str]) -> FormName:
    if type(nested) is not dict:
        raise _NoForm
    return tuple(nested), _text(nested.get("NestedPropertyName")), _part_filters(nested, values)


def _part_filters(holder: Mapping[str, Any], values: list[str]) -> FormName:
    """The form of the filters of an expression or of a list's elements: four pieces each."""
    pieces: list[object] = []
    for one in _list(holder.get(FILTERS)):
        if type(one) is not dict:
            raise _NoForm
        name, operator, value = one.get("Name"), one.get("Operator"), one.get("Value")
        if not _TEXT_OR_NONE.issuperset((type(name), type(operator), type(value))):
            raise _NoForm
        if value is not None:
            values.append(value)
        pieces += tuple(one), name, operator, value is None
    return tuple(pieces)


def _list(member: object) -> list[object]:
    if member is None:
        return []
    if type(member) is not list or not member:  # an empty list is refused, and none is not
        raise _NoForm
    return member


def _text(member: object) -> str | None:
    if type(member) not in _TEXT_OR_NONE:
        raise _NoForm
    return member  # type: ignore[return-value]
