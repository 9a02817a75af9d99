"""Compiles a predicate into filters over one segment's tables.

Conditions on one column become one filter; a condition below a list is lifted to the records that own the elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from smsearch.columnar import ranges
from smsearch.columnar.codes import Codes, passing
from smsearch.columnar.operators.combinations import Complement, Conjunction, Disjunction, ListFilter
from smsearch.columnar.operators.filters import ColumnFilter, Everything
from smsearch.columnar.operators.pair_filter import PairFilter
from smsearch.columnar.property_columns import column_properties, map_keys_of
from smsearch.predicate.predicate import COMPARISONS, Always, And, AnyElement, Match, Never, Not, Or, PairMatch
from smsearch.predicate.text_test import text_passes
from smsearch.schema.property import EachMember, Entries
from smsearch.store.address import ROOT, address

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.columnar.operators.filters import RowFilter
    from smsearch.columnar.ranges import Ranges
    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.schema.property import Property, Step
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.table import Table
    from smsearch.store.tables import Tables


def compile_filter(predicate: Predicate, tables: Tables) -> RowFilter:
    """The filter over a segment's records that a predicate means."""
    return _compile(predicate, tables.records, tables)


def _compile(predicate: Predicate, table: Table, tables: Tables) -> RowFilter:
    rows = table.row_count
    match predicate:
        case Always():
            return Everything(rows, passes=True)
        case Never():
            return Everything(rows, passes=False)
        case And(terms):
            inner = _by_column([_compile(term, table, tables) for term in terms], ranges.intersection)
            return inner[0] if len(inner) == 1 else Conjunction(inner, rows)
        case Or(terms):
            inner = _by_column([_compile(term, table, tables) for term in terms], ranges.union)
            return _any_of(inner, table)
        case Not(term):
            return _complement(_compile(term, table, tables), rows)
        case Match(prop, test):
            return _match(prop, test, table, tables)
        case PairMatch():
            return _pair(predicate, table)
        case AnyElement(container, term):
            return _within_list(container.steps, term, table, tables)
    assert_never(predicate)


def _complement(inner: RowFilter, row_count: int) -> RowFilter:
    """The rows that a filter leaves out; for ranges of codes, the other codes of the column, `absent` too (row F8)."""
    if isinstance(inner, Everything):
        return Everything(row_count, passes=not inner.max_count)
    if not isinstance(inner, ColumnFilter) or not inner.codes.are_ranges:
        return Complement(inner, row_count)
    codes = ranges.complement(inner.codes.ranges, inner.column.absent + 1)
    return ColumnFilter(inner.column, Codes(codes), inner.name)


def _by_column(filters: list[RowFilter], combined: Callable[[Ranges, Ranges], Ranges]) -> list[RowFilter]:
    """The filters, those of one column made one: the two ends of a time window, say, whose rows the column counts."""
    merged: dict[int, ColumnFilter] = {}
    others: list[RowFilter] = []
    for one in filters:
        if not isinstance(one, ColumnFilter) or not one.codes.are_ranges:
            others.append(one)
            continue
        beside = merged.get(id(one.column))
        if beside is not None:
            one = ColumnFilter(one.column, Codes(combined(beside.codes.ranges, one.codes.ranges)), one.name)  # noqa: PLW2901
        merged[id(one.column)] = one
    return [*merged.values(), *others]


def _match(prop: Property, test: Test, table: Table, tables: Tables) -> RowFilter:
    last = prop.steps[-1]
    if isinstance(last, EachMember):
        return _any_of([_match(member, test, table, tables) for member in column_properties(prop)], table)
    if isinstance(last, Entries):
        return _any_of(_entries(prop, test, table), table)
    way = table.columns_of.get(prop) or _way(prop, table, tables)
    if way is None:
        return Everything(table.row_count, passes=False)
    lineage, column = way
    passed = ColumnFilter(column, passing(test, column), prop.name)
    return _lifted(passed, lineage, table) if lineage else passed  # pyright: ignore[reportArgumentType, reportReturnType]


def _way(prop: Property, table: Table, tables: Tables) -> tuple[list[ChildTable], Column] | None:
    """The tables on the way to a property's column, and the column; None if no record has the property."""
    place = address(prop.steps)
    lineage = _lineage(place.table, table, tables)
    column = None if lineage is None else _last(lineage, table).at(place)
    if lineage is None or column is None:  # not remembered: the name may be made up
        return None
    if place.computed is None:  # else the table of records keeps it, and no more than a few
        table.columns_of[prop] = lineage, column
    return lineage, column


def _pair(match: PairMatch, table: Table) -> RowFilter:
    """Two columns of one table, since neither property has several values."""
    left, right = table.at(address(match.left.steps)), table.at(address(match.right.steps))
    if left is None or right is None:
        return Everything(table.row_count, passes=False)
    micros = match.micros if match.left.kind.is_time else None
    return PairFilter(left, right, COMPARISONS[match.relation], micros)


def _entries(prop: Property, test: Test, table: Table) -> list[RowFilter]:
    """For each key of a map the rows that pass: all that have it where the key passes, else by its members."""
    filters: list[RowFilter] = []
    for entry in map_keys_of(prop, table):
        is_enough = text_passes(test, entry.name)
        for member, key in entry.columns.items():
            column = table.column(key)
            if column is not None:
                codes = Codes(((0, column.absent),)) if is_enough else passing(test, column)
                one = ColumnFilter(column, codes, f"{prop.name}.{entry.name}.{member}")
                filters += [one] if one.max_count else []  # pyright: ignore[reportAssignmentType]
    return filters


def _any_of(filters: list[RowFilter], table: Table) -> RowFilter:
    if not filters:
        return Everything(table.row_count, passes=False)
    return filters[0] if len(filters) == 1 else Disjunction(filters, table.row_count)


def _within_list(steps: tuple[Step, ...], term: Predicate, table: Table, tables: Tables) -> RowFilter:
    lineage = _lineage(address(steps).table, table, tables)
    if lineage is None:
        return Everything(table.row_count, passes=False)
    return _lifted(_compile(term, _last(lineage, table), tables), lineage, table)


def _lineage(path: str, table: Table, tables: Tables) -> list[ChildTable] | None:
    """The tables from one (left out) down a relative path; None if no record has one of the lists."""
    if path == ROOT:
        return []
    below = tables.lineage(tables.joined(table.path, path))
    return None if below is None else below[tables.depth(table.path) :]


def _last(lineage: list[ChildTable], table: Table) -> Table:
    """The last table of a lineage from a table on."""
    return lineage[-1] if lineage else table


def _lifted(inner: RowFilter, lineage: list[ChildTable], table: Table) -> RowFilter:
    """A filter of the last table of a lineage as one of the table that it begins below."""
    for above, below in zip(reversed([table, *lineage][:-1]), reversed(lineage), strict=True):
        inner = ListFilter(below, inner, above.row_count)
    return inner
