"""Warnings about a correct query: names that no record has, conditions that different elements may meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.messages import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.cli.query_argument import QueryArgument
    from smsearch.cli.standard_error import StandardError
    from smsearch.result import Result

_TYPES_MAX: Final = 5
"""Instance types without a price that a note names."""


def warn(result: Result, query: QueryArgument, stderr: StandardError, columns: Sequence[str] = ()) -> None:
    """Writes the warnings about a query over these records, and about the columns that it shows."""
    if stderr.is_quiet:
        return
    if query.resource not in (None, result.resource):
        stderr.warning(f"the query asks for {result.resource}, so -r {query.resource} was not heeded")
    for sentence in result.query.notes:
        stderr.note(f"note: {sentence}")
    warn_of_names(result, columns, stderr)
    types = result.unpriced(columns)
    if types:
        most = sorted(types, key=lambda name: -types[name])[:_TYPES_MAX]
        names = [f"{name} ({types[name]:,})" for name in most]
        names += [f"{len(types) - len(most):,} more"] if len(types) > len(most) else []
        total = counted(sum(types.values()), f"{result.resource} record")
        stderr.note(f"note: without Cost, since their instance type has no price: {total}, {listed(names, 'and')}")
    for conditions in result.cross_element_conditions():
        stderr.warning(f"{' and '.join(conditions.texts)} may be met by different elements")
        stderr.note(f"hint: for one element that meets all: {conditions.suggestion}")


def warn_of_names(result: Result, columns: Sequence[str], stderr: StandardError) -> None:
    """Writes what bare names stand for, and which names of the user's own no record has."""
    if stderr.is_quiet:
        return
    for name, properties in result.bare_names(columns).items():
        stderr.note(f"note: {name} is {listed(properties, 'and')}")
    for sentence in (*result.warnings(), *result.warnings_of(columns)):
        stderr.warning(sentence)
