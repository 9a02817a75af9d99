"""A name that no record has, told with the nearest one that is there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from smsearch.cli import main
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from smsearch.cli.opening import Reading


class NotThere(click.ClickException):
    """No record of a name; the nearest name is told."""

    exit_code = main.DATA

    def __init__(self, name: str, resource: str | None, reading: Reading) -> None:
        near = _nearest(name, resource, reading)
        hint = f"\nhint: did you mean {near[0]}?" if near else ""
        super().__init__(f"no {resource or 'record'} is called {name!r}{hint}")


def _nearest(name: str, resource: str | None, reading: Reading) -> list[str]:
    searcher = reading.searcher
    kinds = [resource] if resource else list(searcher.resources())
    searchable = set(kinds).intersection(catalogue.searchable())
    names = sorted({known for kind in searchable for known in searcher.query({}, resource=kind).names()})
    return difflib.get_close_matches(name, names, n=1)
