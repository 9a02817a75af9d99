"""JSON to expression and back: `SearchExpression` as it stands in a request.

Strict, as the service is: an unknown member, a wrong JSON type or a missing member is refused with its path. It knows
no property. It checks no limit (`check.py` does) but the depth, because it walks the JSON by recursion.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from smsearch import limits
from smsearch.errors import InvalidValueError, LimitExceededError, ShapeError
from smsearch.messages import did_you_mean, is_unicode, listed, shortened, violation
from smsearch.syntax.ast import (
    FILTERS,
    LISTS,
    NESTED_FILTERS,
    SUB_EXPRESSIONS,
    BooleanOperator,
    Filter,
    NestedFilters,
    SearchExpression,
)
from smsearch.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPERATOR: Final = "Operator"
_NAME: Final = "Name"
_VALUE: Final = "Value"
_NESTED_NAME: Final = "NestedPropertyName"

_EXPRESSION_MEMBERS: Final = (*LISTS, _OPERATOR)
_NESTED_MEMBERS: Final = (_NESTED_NAME, FILTERS)
_FILTER_MEMBERS: Final = (_NAME, _OPERATOR, _VALUE)

E = TypeVar("E", bound=StrEnum)


def _spellings(enum: type[E]) -> dict[str, E]:
    """The members of an enum by its own spelling, and by that of older documents (`GREATER_THAN`; row E4)."""
    return {spelling: member for member in enum for spelling in (member.value, member.name)}


_OPERATORS: Final = _spellings(Operator)
_BOOLEAN_OPERATORS: Final = _spellings(BooleanOperator)


def from_json(value: object, path: str = "SearchExpression") -> SearchExpression:
    """Reads an expression from a JSON object; the object is not changed.

    A Value without Operator means Equals (row F1), neither means Exists (row F2), and a Value beside Exists
    or NotExists is dropped (row F4). A member that is null is absent (row R11).

    Raises:
        ShapeError: An unknown, missing or mistyped member (row R11).
        InvalidValueError: No such operator, in the service's wording; a text that is not Unicode.
        LimitExceededError: Nested deeper than any expression within the limits can be (row E7).
    """
    return _expression(value, path, depth=1)


def to_json(expression: SearchExpression) -> dict[str, Any]:
    """Writes an expression as a JSON object, without empty lists and with every Operator.

    `from_json(to_json(expression)) == expression`.
    """
    members: dict[str, Any] = {}
    if expression.filters:
        members[FILTERS] = [_filter_to_json(condition) for condition in expression.filters]
    if expression.nested_filters:
        members[NESTED_FILTERS] = [
            {
                _NESTED_NAME: nested.nested_property_name,
                FILTERS: [_filter_to_json(condition) for condition in nested.filters],
            }
            for nested in expression.nested_filters
        ]
    if expression.sub_expressions:
        members[SUB_EXPRESSIONS] = [to_json(child) for child in expression.sub_expressions]
    members[_OPERATOR] = expression.operator.value
    return members


def _filter_to_json(condition: Filter) -> dict[str, str]:
    members = {_NAME: condition.name, _OPERATOR: condition.operator.value}
    return members if condition.value is None else {**members, _VALUE: condition.value}


def _expression(value: object, path: str, depth: int) -> SearchExpression:
    if depth > limits.CONDITIONS_MAX:
        # Each level is a SubExpression of the one above, so the count of conditions is exceeded as well.
        raise LimitExceededError(
            f"SubExpressions are nested more than {limits.CONDITIONS_MAX} deep.",
            path=path.partition(".")[0],
            hint=f"An expression holds at most {limits.CONDITIONS_MAX} conditions in all.",
        )
    members = _object(value, path, _EXPRESSION_MEMBERS, "SearchExpression")
    return SearchExpression(
        filters=tuple(_filter(*entry) for entry in _entries(members, FILTERS, path)),
        nested_filters=tuple(_nested(*entry) for entry in _entries(members, NESTED_FILTERS, path)),
        sub_expressions=tuple(_expression(*entry, depth + 1) for entry in _entries(members, SUB_EXPRESSIONS, path)),
        operator=_operator(members, _BOOLEAN_OPERATORS, path) or BooleanOperator.AND,
    )


def _nested(value: object, path: str) -> NestedFilters:
    members = _object(value, path, _NESTED_MEMBERS, NESTED_FILTERS)
    name = _required(_text(members, _NESTED_NAME, path), _NESTED_NAME, path)
    if FILTERS not in members:
        _required(None, FILTERS, path)
    return NestedFilters(name, tuple(_filter(*entry) for entry in _entries(members, FILTERS, path)))


def _filter(value: object, path: str) -> Filter:
    members = _object(value, path, _FILTER_MEMBERS, "Filter")
    name = _required(_text(members, _NAME, path), _NAME, path)
    text = _text(members, _VALUE, path)
    operator = _operator(members, _OPERATORS, path)
    if operator is None:
        operator = Operator.EXISTS if text is None else Operator.EQUALS
    return Filter(name, operator, text if operator.row.operand else None)


def _object(value: object, path: str, allowed: tuple[str, ...], structure: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _mistyped(value, path, "an object")
    for name in value:
        if name not in allowed:
            shown_name = shortened(str(name))
            raise ShapeError(
                f"Unknown parameter '{shown_name}' of {structure}.",
                path=f"{path}.{shown_name}",
                hint=did_you_mean(shown_name, allowed) or f"It has {listed(allowed, 'and')}.",
            )
    return {name: member for name, member in value.items() if member is not None}


def _entries(members: Mapping[str, object], name: str, path: str) -> list[tuple[object, str]]:
    """The entries of a list member, each with its path."""
    if name not in members:
        return []
    value = members[name]
    if not isinstance(value, list | tuple):
        raise _mistyped(value, f"{path}.{name}", "a list")
    return [(entry, f"{path}.{name}[{index}]") for index, entry in enumerate(value)]


def _text(members: Mapping[str, object], name: str, path: str) -> str | None:
    """A text member, if it is there."""
    if name not in members:
        return None
    value = members[name]
    if not isinstance(value, str):
        raise _mistyped(value, f"{path}.{name}", "a string")
    if not is_unicode(value):
        raise InvalidValueError(
            f"{name} is not Unicode text: it holds half of a surrogate pair.", path=f"{path}.{name}"
        )
    return value


def _operator(members: Mapping[str, object], spellings: Mapping[str, E], path: str) -> E | None:
    """The member Operator, in one of several spellings."""
    value = _text(members, _OPERATOR, path)
    if value is None:
        return None
    if value in spellings:
        return spellings[value]
    allowed = tuple(dict.fromkeys(member.value for member in spellings.values()))
    where = f"{path}.{_OPERATOR}"
    raise InvalidValueError(
        violation(where, f"satisfy enum value set: [{', '.join(allowed)}]", value),
        path=where,
        hint=did_you_mean(value.replace("_", ""), allowed),
        is_verbatim=True,
    )


def _required(value: str | None, name: str, path: str) -> str:
    if value is None:
        raise ShapeError(
            f"Missing required parameter: {name}.", path=f"{path}.{name}", hint=f"Every entry has a {name}."
        )
    return value


def _mistyped(value: object, path: str, expected: str) -> ShapeError:
    name = path.rpartition(".")[2]
    hint = f"It must be {expected}."
    if name == _VALUE and isinstance(value, int | float):
        hint += " Numbers and truth values are sent as text."
    return ShapeError(f"Invalid type for parameter {name}: {type(value).__name__}.", path=path, hint=hint)
