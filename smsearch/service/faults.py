"""Tells all members of a Search request that break a constraint, in one sentence, as the service does.

The library stops at the first fault; the wire tells the first of each member. It knows no constraint itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.api import request
from smsearch.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.policy import Policy

_ONE: Final = "1 validation error detected: "
_RESOURCE: Final = "Resource"
_STAND_IN: Final = "TrainingJob"
"""The Resource in the place of one that there is not, while the other members are looked at."""


def together(members: Mapping[str, Any], policy: Policy) -> str:
    """The faults of a request's members, each in the service's wording; `""` unless there are several.

    Args:
        members: The request.
        policy: That of the searcher.
    """
    faults: list[str] = []
    left = dict(members)
    while fault := _fault(left, policy):
        message, name = fault
        faults.append(message)
        del left[name]
        if name == _RESOURCE:
            left[name] = _STAND_IN
    return f"{len(faults)} validation errors detected: {'; '.join(faults)}" if len(faults) > 1 else ""


def _fault(members: Mapping[str, Any], policy: Policy) -> tuple[str, str] | None:
    """The first broken constraint, and the member of the request that it is in."""
    try:
        request.parse(members, policy)
    except RequestError as error:
        name = error.path.partition(".")[0].partition("[")[0]
        if error.wire_message.startswith(_ONE) and name in members:
            return error.wire_message.removeprefix(_ONE), name
    return None
