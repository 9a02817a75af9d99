"""Binds a comparison of two properties (row T6).

Numbers compare with numbers, times with times, and the difference of two times with a span of time. It knows no record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError, OperatorNotSupportedError
from smsearch.messages import shortened
from smsearch.predicate.bind import RELATIONS
from smsearch.predicate.bound import BoundPair
from smsearch.predicate.predicate import Not, PairMatch, Relation
from smsearch.schema import values

if TYPE_CHECKING:
    from smsearch.schema.property import Property
    from smsearch.syntax.condition import PairCondition

_ROW: Final = "T6"
_SECONDS_MAX: Final = 1_000_000_000_000
"""More than lie between any two times."""
_MICRO_DIGITS: Final = 6
"""Digits after the point that microseconds have, in seconds."""


def bind_pair(condition: PairCondition, left: Property, right: Property, path: str) -> BoundPair:
    """The comparison, and its complement for `!=`; where a value is absent or cannot be read, it does not hold.

    Raises:
        OperatorNotSupportedError: A property that a record may hold several values of, or that is neither number nor
            time; a difference of other properties than times.
        InvalidValueError: A span of time that is none.
    """
    _check_types(condition, left, right, path)
    row = condition.operator.row
    operator = row.complement if row.matches_absent and row.complement else condition.operator
    micros = 0 if condition.span is None else _micros(condition.span, path)
    match = PairMatch(left, RELATIONS.get(operator, Relation.EQ), right, micros)
    return BoundPair(condition, match, Not(match) if row.matches_absent else match)


def _check_types(condition: PairCondition, left: Property, right: Property, path: str) -> None:
    many = next((prop for prop in (left, right) if prop.is_many), None)
    if many is not None:
        message = f"A record may hold several values of {many.name}, so it does not compare with another property."
        hint = "In the brackets of its list, each element has one."
        raise OperatorNotSupportedError(message, path=path, hint=hint, row=_ROW)
    are_times = left.kind.is_time and right.kind.is_time
    if are_times or (condition.span is None and left.kind.is_number and right.kind.is_number):
        return
    if condition.span is not None:
        message = f"{left.name} - {right.name} is no difference of two times."
        hint = "Only times have one."
    else:
        message = f"{left.name}, which is {left.kind.noun}, does not compare with {right.name}, {right.kind.noun}."
        hint = "Numbers compare with numbers, and times with times; a text to compare with stands in single quotes."
    raise OperatorNotSupportedError(message, path=path, hint=hint, row=_ROW)


def _micros(span: str, path: str) -> int:
    seconds = values.parse_seconds(span)
    if seconds is None or not abs(seconds) < _SECONDS_MAX:
        message = f"A difference of times compares with a span of time, and '{shortened(span)}' is none."
        raise InvalidValueError(message, path=path, hint="Write 5400, 90m or 1h30m.", row=_ROW)
    short = values.without_idle_zeros(seconds)
    exponent = short.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MICRO_DIGITS:
        message = f"Times have microseconds, and '{shortened(span)}' is finer."
        raise InvalidValueError(message, path=path, hint="Write six digits after the point at most.", row=_ROW)
    return int(short.scaleb(_MICRO_DIGITS))
