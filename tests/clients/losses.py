"""What clients lose between what is served and what their users dump, each said in a sentence of docs/clients.md."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.clients.comparison import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.comparison import Difference

SAFE_INTEGER = 2**53
TIMES = ("Time", "Timestamp", "TimeStamp")


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that a client loses.

    Attributes:
        sentence: What docs/clients.md says of it.
        explains: Whether a difference is one of it.
    """

    sentence: str
    explains: Callable[[Difference], bool]


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_cut_time(difference: Difference) -> bool:
    one, other = difference.served, difference.back
    return difference.path[-1].endswith(TIMES) and _is_number(one) and _is_number(other) and abs(one - other) <= 0.001


def _is_double(difference: Difference) -> bool:
    one, other = difference.served, difference.back
    return isinstance(one, int) and abs(one) > SAFE_INTEGER and _is_number(other) and float(one) == float(other)


MILLISECONDS = Loss("Times are cut to milliseconds", _is_cut_time)
DOUBLES = Loss("Integers beyond 2^53 become the nearest double", _is_double)


def _is_json(difference: Difference) -> bool:
    one, other = difference.served, difference.back
    if not (isinstance(one, str) and isinstance(other, str) and one.startswith("{")):
        return False
    return bool(json.loads(one) == json.loads(other))


JSON_SPACES = Loss("A text that is JSON by the service model is parsed, so its blanks are lost", _is_json)


def _is_overflow(difference: Difference) -> bool:
    one, other = difference.served, difference.back
    return _is_double(difference) or (one, other) == (2**63 - 1, -(2**63))


def _is_single(difference: Difference) -> bool:
    one, other = difference.served, difference.back
    return isinstance(one, float) and isinstance(other, float) and abs(one - other) <= abs(one) * 2.0**-24


def _is_zero(difference: Difference) -> bool:
    return difference.served is ABSENT and difference.back in (0, False)


OVERFLOWS = Loss("Integers beyond 2^53 become the nearest double, and 2^63-1 becomes -2^63", _is_overflow)
SINGLES = Loss("Metrics are cut to seven digits", _is_single)
ZEROS = Loss("Numbers and truth values that are not set become 0 and false", _is_zero)


def unknown(*members: str) -> Loss:
    """What a client's service model does not have, as paths of members from the operation or from any record on."""
    paths = {tuple(member.split(".")) for member in members}

    def is_unknown(difference: Difference) -> bool:
        ends = {difference.path[start:] for start in range(len(difference.path))}
        return difference.back is ABSENT and bool(ends & paths)

    return Loss("Members and kinds newer than the client's service model are dropped", is_unknown)
