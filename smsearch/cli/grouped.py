"""Writes the groups that a verb was asked for, and says what was left out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.messages import counted

if TYPE_CHECKING:
    from smsearch.cli.standard_error import StandardError
    from smsearch.groups.table import GroupTable
    from smsearch.result import Result
    from smsearch.syntax.grouping import Grouping

FORMATS: Final = ("table", "long", "jsonl", "json", "csv", "tsv", "md", "parquet", "arrow")


def tell(table: GroupTable, stderr: StandardError) -> None:
    """Says what was left out, and how many groups more there are."""
    for note in table.notes:
        stderr.note(f"note: {note}")
    if not table.total:
        stderr.note("no groups")
    if len(table) < table.total:
        stderr.note(f"showing {len(table):,} of {counted(table.total, 'group')}")


def names_of(result: Result) -> tuple[str, ...]:
    """The names in what a query says of groups."""
    return () if result.query.grouping is None else names(result.query.grouping)


def names(grouping: Grouping) -> tuple[str, ...]:
    """The names of properties in a grouping: neither labels nor numbers of columns."""
    others = {"*", *(term.label for term in grouping.columns)}
    every = dict.fromkeys(term.name for term in (*grouping.keys, *grouping.columns))
    return tuple(name for name in every if name not in others and not name.isdecimal())
