"""A name that no record has, told with the nearest one that is there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

import click

from smsearch.cli import exit_codes
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from smsearch.cli.open_sources import OpenSources

NAMES_MAX: Final = 10_000
"""Names of a kind, those nearest in order, among which the one that was meant is looked for."""


class NotFound(click.ClickException):
    """No record of a name; the nearest name is told."""

    exit_code = exit_codes.DATA

    def __init__(self, name: str, resource: str | None, reading: OpenSources) -> None:
        near = _nearest(name, resource, reading)
        hint = f"\nhint: did you mean {near[0]}?" if near else ""
        super().__init__(f"no {resource or 'record'} is called {name!r}{hint}")


def _nearest(name: str, resource: str | None, reading: OpenSources) -> list[str]:
    searcher = reading.searcher
    kinds = [resource] if resource else list(searcher.resources())
    searchable = set(kinds).intersection(catalogue.searchable())
    names: set[str] = set()
    for kind in searchable:
        prop = searcher.engine.schema(kind).property(".".join(catalogue.resource(kind).name_path))
        names.update(searcher.engine.spellings(kind, prop, name, NAMES_MAX))
    return difflib.get_close_matches(name, sorted(names), n=1)
