"""What summaries of a kind say: the members that its List operations return, and those that only Describe shows.

It knows no envelope, and not of which kind an object is.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from smsearch.ingest import kinds
from smsearch.schema import catalogue, operations
from smsearch.schema.catalogue import fold

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _summaries() -> Mapping[str, frozenset[str]]:
    """The folded members of each kind's summaries, in all List operations together."""
    members: dict[str, set[str]] = {}
    for kind, names in operations.summaries():
        members.setdefault(kind, set()).update(map(fold, names))
    return {kind: frozenset(names) for kind, names in members.items()}


def is_summary(kind: str, value: Mapping[Any, Any]) -> bool:
    """Whether an element of a list may be all that its List operation says, and not what Describe shows."""
    names = tuple(value)
    beyond = (_beyond_summary if len(names) <= kinds.MEMBERS_REMEMBERED else _beyond_summary.__wrapped__)(kind, names)
    return not beyond or not any(kinds.is_there(value[name]) for name in beyond)


def beyond_summaries(kind: str) -> tuple[str, ...]:
    """The members that Describe shows of a kind and no List operation says."""
    return tuple(str(name) for name in _beyond_summary(kind, tuple(catalogue.resource(kind).root.members)))


@lru_cache(kinds.REMEMBERED)
def _beyond_summary(kind: str, members: tuple[object, ...]) -> tuple[object, ...]:
    """Those of an object's members that Describe shows of a kind and no List operation says."""
    beyond = kinds.vocabulary(kind) - _summaries().get(kind, frozenset())
    return tuple(name for name in members if isinstance(name, str) and fold(name) in beyond)
