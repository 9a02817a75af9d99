"""The error for a name that no record has, with the nearest name that a record has."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from smsearch.errors import NotFoundError
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

NAMES_MAX: Final = 10_000
"""Names of a kind that are compared with the missing one: those nearest to it in order."""


def not_found(name: str, resource: str | None, searcher: Searcher) -> NotFoundError:
    """The error, to be raised."""
    near = _nearest(name, resource, searcher)
    hint = f"did you mean {near[0]}?" if near else ""
    return NotFoundError(f"no {resource or 'record'} is called {name!r}", hint=hint)


def _nearest(name: str, resource: str | None, searcher: Searcher) -> list[str]:
    kinds = [resource] if resource else list(searcher.resources())
    names: set[str] = set()
    for kind in kinds:
        prop = searcher.engine.schema(kind).property(".".join(catalogue.resource(kind).name_path))
        names.update(searcher.engine.spellings(kind, prop, name, NAMES_MAX))
    return difflib.get_close_matches(name, sorted(names), n=1)
