"""What is wrong with a query that finds nothing: what each condition matches, what it costs, and what it may mean.

Counts come from the records' own indexes. How many conditions are looked into is bounded, and so is the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from smsearch.predicate import bind
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Match, Present, TextIn, all_of
from smsearch.reasons.answers import nearest
from smsearch.reasons.seen import spelling
from smsearch.schema import read, values
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.ast import BooleanOperator, NestedFilters, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format as format_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from smsearch.predicate.predicate import Predicate
    from smsearch.reasons.answers import Asked
    from smsearch.schema.property import Property
    from smsearch.syntax.ast import Filter

CONDITIONS_MAX: Final = 20
"""Conditions that are looked into, those inside others among them."""
SECONDS_MAX: Final = 1.0
"""After which no further condition is looked into: over records in memory a count reads every record."""
FEW: Final = 5
"""Distinct texts of a property up to which all of them are told."""
_COMPARES_TEXT: Final = frozenset({Operator.EQUALS, Operator.IN, Operator.CONTAINS})


@dataclass(frozen=True, slots=True)
class Nearest:
    """What a condition that matches nothing may have meant; `""` for what nobody knows.

    Attributes:
        name: The nearest property that a record has, where none has the condition's own.
        value: The nearest text that a record has.
        values: All texts that records have, where none is near and they are few.
        lowest: The lowest value of the property, as the record has it.
        highest: The highest value.
    """

    name: str = ""
    value: str = ""
    values: tuple[str, ...] = ()
    lowest: str = ""
    highest: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition of a query.

    Attributes:
        text: It in the text language.
        alone: Records that it matches by itself.
        without: Records that all other conditions match; None where it is an alternative, or inside another.
        present: Records that have its property; None where it is several conditions.
        nearest: What it may have meant, if it matches nothing by itself.
        parts: If it is several conditions that match nothing together, those.
    """

    text: str
    alone: int
    without: int | None = None
    present: int | None = None
    nearest: Nearest = Nearest()
    parts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What each condition of a query matches.

    Attributes:
        resource: The resource that was asked.
        records: How many records it has.
        matches: How many of them match the whole query.
        operator: How the findings combine.
        findings: The conditions, in the order of the query.
        left_out: Conditions that were not looked into, because there are too many or they take too long.
        elsewhere: Where the resource has no records: how many there are of each kind.
    """

    resource: str
    records: int
    matches: int
    operator: BooleanOperator
    findings: tuple[Finding, ...]
    left_out: int
    elsewhere: dict[str, int]


def diagnose(asked: Asked, clock: Callable[[], float] = time.monotonic) -> Diagnosis:
    """Looks into the conditions of a question, whether or not it finds anything."""
    resources = asked.engine.resources()
    in_all = resources.get(asked.resource, 0)
    said = asked.query.expression or SearchExpression()
    is_any = said.operator is BooleanOperator.OR and _size(said) > 1
    operator = BooleanOperator.OR if is_any else BooleanOperator.AND
    terms = _singles(said) if is_any else list(_conjuncts(said))
    doctor = _Doctor(asked, clock)
    findings = doctor.findings(terms, is_any=is_any) if in_all else ()
    return Diagnosis(
        resource=asked.resource,
        records=in_all,
        matches=asked.engine.count(asked.resource, asked.predicate) if in_all else 0,
        operator=operator,
        findings=findings,
        left_out=len(terms) - len(findings) if in_all else 0,
        elsewhere={} if in_all else resources,
    )


def _size(expression: SearchExpression) -> int:
    return len(expression.filters) + len(expression.nested_filters) + len(expression.sub_expressions)


def _singles(expression: SearchExpression) -> list[SearchExpression]:
    """The conditions directly in an expression, each as an expression."""
    filters = [SearchExpression((condition,)) for condition in expression.filters]
    nested = [SearchExpression((), (condition,)) for condition in expression.nested_filters]
    return [*filters, *nested, *expression.sub_expressions]


def _conjuncts(expression: SearchExpression) -> Iterator[SearchExpression]:
    """What must hold all at once, Ands inside Ands opened."""
    if expression.operator is BooleanOperator.OR and _size(expression) > 1:
        yield expression
        return
    for one in _singles(expression):
        if one.sub_expressions or _size(one) > 1:
            yield from _conjuncts(one)
        else:
            yield one


def _condition(term: SearchExpression) -> Filter:
    """The one condition of a term."""
    return term.filters[0] if term.filters else term.nested_filters[0].filters[0]


class _Doctor:
    """Counts for one question, until there were enough or it took too long."""

    def __init__(self, asked: Asked, clock: Callable[[], float]) -> None:
        self._asked = asked
        self._clock = clock
        self._ends = clock() + SECONDS_MAX
        self._left = CONDITIONS_MAX

    def findings(self, terms: Sequence[SearchExpression], *, is_any: bool) -> tuple[Finding, ...]:
        """What the terms match, as far as the bounds allow; with `is_any` they are alternatives."""
        bound = [self._bound(term) for term in terms]
        found: list[Finding] = []
        for at, term in enumerate(terms):
            if not self._has_time():
                break
            others = [other for place, other in enumerate(bound) if place != at]
            finding = self._finding(term, bound[at])
            found.append(finding if is_any else replace(finding, without=self._count(all_of(others))))
        return tuple(found)

    def _has_time(self) -> bool:
        self._left -= 1
        return self._left >= 0 and self._clock() < self._ends

    def _bound(self, term: SearchExpression) -> Predicate:
        return bind.bind(term, self._asked.schema, self._asked.policy)

    def _count(self, predicate: Predicate) -> int:
        return self._asked.engine.count(self._asked.resource, predicate)

    def _finding(self, term: SearchExpression, bound: Predicate) -> Finding:
        alone = self._count(bound)
        text = format_text(term)
        leaf = self._leaf(term)
        if leaf is not None:
            present = self._count(Match(leaf, Present()))
            return Finding(
                text, alone, present=present, nearest=Nearest() if alone else self._nearest(term, leaf, present)
            )
        parts = [] if alone else _inside(term)
        return Finding(text, alone, parts=self.findings(parts, is_any=True) if len(parts) > 1 else ())

    def _leaf(self, term: SearchExpression) -> Property | None:
        """The property of a single condition, from the record on; None for several conditions."""
        schema = self._asked.schema
        if _size(term) > 1 or term.sub_expressions:
            return None
        if term.filters:
            return schema.property(term.filters[0].name)
        nested = term.nested_filters[0]
        if len(nested.filters) > 1:
            return None
        container = schema.list_property(nested.nested_property_name)
        inner = schema.element_property(container, nested.filters[0].name)
        return replace(inner, steps=container.steps + inner.steps)

    def _nearest(self, term: SearchExpression, prop: Property, present: int) -> Nearest:
        condition = _condition(term)
        if not present:
            known = self._asked.engine.dynamic_names(self._asked.resource)
            return Nearest(name=nearest(prop.name, sorted(known)) if "." in prop.name else "")
        if condition.operator.row.matches_absent or condition.operator is Operator.EXISTS:
            return Nearest()
        compares_text = condition.operator in _COMPARES_TEXT and prop.kind.holds_text
        value = self._nearest_value(term, prop) if compares_text else ""
        if compares_text and not value and prop.kind.type is ValueType.TEXT:
            return Nearest(values=self._few(prop))
        if value or prop.is_many or not prop.kind.is_measured:
            return Nearest(value=value)
        return Nearest(lowest=self._end(prop, SortOrder.ASCENDING), highest=self._end(prop, SortOrder.DESCENDING))

    def _nearest_value(self, term: SearchExpression, prop: Property) -> str:
        """The nearest text with which the condition would match something."""
        condition = _condition(term)
        written = condition.value or ""
        for item in written.split(",") if condition.operator is Operator.IN else [written]:
            known = self._asked.spellings(prop, item.strip())
            near = nearest(item.strip(), known)
            if not near and condition.operator is Operator.CONTAINS:
                near = _holding(item, known)
            if near and self._count(Match(prop, TextIn((near,)))):
                return near
        return ""

    def _few(self, prop: Property) -> tuple[str, ...]:
        """The texts that are there, if they are few enough to be told."""
        known = sorted(set(self._asked.spellings(prop, "")))
        return tuple(known) if len(known) <= FEW else ()

    def _end(self, prop: Property, order: SortOrder) -> str:
        """The first value along an order, as its record has it."""
        page = self._asked.engine.page(
            self._asked.resource, Match(prop, Present()), SortKey(prop, order), b"", 1, total=0
        )
        found = [raw for record in page.records for raw in read.raw_values(record.document, prop.steps)]
        if not found:
            return ""
        value = prop.kind.read(found[0])
        return values.iso_of(value) if prop.kind.is_time and isinstance(value, int) else spelling(found[0])


def _holding(needle: str, spellings: list[str]) -> str:
    """A text that holds a needle in another case, or a word like it; `""` where there is none."""
    folded = needle.casefold()
    for text in spellings:
        at = text.casefold().find(folded)
        if at >= 0:
            return text
    words = {word: text for text in spellings for word in text.replace("/", "-").replace("_", "-").split("-")}
    return words.get(nearest(needle, sorted(words)), "")


def _inside(term: SearchExpression) -> list[SearchExpression]:
    """The conditions inside brackets or an Or, each on its own."""
    if term.nested_filters and _size(term) == 1:
        nested = term.nested_filters[0]
        alone = (NestedFilters(nested.nested_property_name, (condition,)) for condition in nested.filters)
        return [SearchExpression((), (one,)) for one in alone]
    return _singles(term)
