"""How a query was understood, and the rows that each of its conditions keeps, as lines of `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch import limits
from smsearch.errors import RequestError
from smsearch.messages import listed
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind
from smsearch.predicate.bound import BoundElement, BoundExpression, BoundFilter, BoundNested, BoundNot
from smsearch.predicate.predicate import Match, Reading, TextOrNumberIs
from smsearch.reasons.diagnosis import diagnose
from smsearch.schema.value_kinds import Numerals
from smsearch.syntax import check
from smsearch.syntax.text.formatter import format as format_text
from smsearch.syntax.text.formatter import format_filter
from smsearch.syntax.text.group_formatter import group_clauses, select_clause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from smsearch.predicate.bound import Bound
    from smsearch.reasons.bound_query import BoundQuery
    from smsearch.reasons.diagnosis import Diagnosis
    from smsearch.schema.names import Schema
    from smsearch.syntax.query import Query


def explained(query: BoundQuery, bare_names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The lines of `explain`: what was understood, what each condition keeps, and how a page is found.

    Args:
        query: The query.
        bare_names: Each bare name with the properties that it stands for; those of columns are shown.
    """
    yield f"resource  {query.resource}"
    yield from _understood(query)
    columns = ((name, full) for name, full in bare_names.items() if name in query.query.columns)
    yield from (f"name      {name} is {listed(full, 'and')}" for name, full in columns)
    if query.query.grouping is None:
        yield f"order     {query.key}"
    yield from _kept_by_each(diagnose(query))
    yield from query.engine.explain(query.resource, query.predicate, query.key, limits.PAGE_SIZE_MAX)
    yield f"total     {query.engine.count(query.resource, query.predicate):,} matches"


def _understood(query: BoundQuery) -> Iterator[str]:
    """Says the query with aliases expanded, what the aliases were, and the limits that it uses."""
    condition = query.query.condition
    yield f"query     {'every record' if condition is None else format_text(condition)}"
    if query.query.grouping is not None:
        clauses = (select_clause(query.query.grouping), *group_clauses(query.query.grouping))
        yield f"groups    {' '.join(filter(None, clauses))}"
    yield from (f"alias     {name} is {target}" for name, target in query.query.aliases)
    yield from (f"name      {name} is {target}" for name, target in query.query.bare_names)
    yield from (f"rewrite   {sentence}" for sentence in query.query.notes)
    yield from (f"rule      {sentence}" for sentence in dict.fromkeys(_rules(query.bound)))
    if query.query.expression is not None:
        usage = check.check(query.query.expression, query.resource, query.policy)
        contains = f"{usage.contains} of {limits.CONTAINS_MAX} limited Contains"
        yield f"limits    {usage.conditions} of {limits.CONDITIONS_MAX} conditions, {contains}"
    for error in refusals(query.query, query.schema):
        yield from (f"{'refused' if not at else '':<10}{line}" for at, line in enumerate(str(error).splitlines()))


def _rules(bound: Bound) -> Iterator[str]:
    """Tells where texts of the user's own compare as numbers, in an order that the service does not have."""
    match bound:
        case BoundFilter(plain, prop, Match(_, TextOrNumberIs(reading=Reading.AS_NUMBER))):
            if prop.kind.numerals is Numerals.ORDERED:
                yield f"{format_filter(plain)}: texts that spell a number compare as that number, others not (F14b)"
        case BoundNested(filters=conditions) | BoundExpression(conditions=conditions):
            for condition in conditions:
                yield from _rules(condition)
        case BoundElement(condition=condition) | BoundNot(condition=condition):
            yield from _rules(condition)
        case _:
            return


def refusals(query: Query, schema: Schema) -> Iterator[RequestError]:
    """Finds why the service would refuse a query: each part that no expression says, else the first rule it breaks."""
    yield from query.refusals
    if query.expression is None:
        return
    try:
        check.check(query.expression, schema.resource.name)
        bind(query.expression, schema, DEFAULT)
    except RequestError as error:
        yield error


def _kept_by_each(diagnosis: Diagnosis) -> Iterator[str]:
    """What each condition keeps by itself, where there is one."""
    for finding in diagnosis.findings:
        for depth, inner in finding.flattened():
            yield f"keeps     {'  ' * depth}{inner.alone:,} of {diagnosis.records:,}: {inner.text}"
    if diagnosis.left_out:
        yield f"keeps     {diagnosis.left_out:,} more conditions not counted"
