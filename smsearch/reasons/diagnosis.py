"""What is wrong with a query that finds nothing: what each condition matches, what it costs, and what it may mean.

Counts come from the records' own indexes. How many conditions are looked into is bounded, and so is the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.frozen import replace
from smsearch.messages import nearest
from smsearch.predicate.bound import Bound, BoundExpression, BoundFilter, BoundNested
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import AnyElement, Match, Present, TextIn, all_of
from smsearch.reasons.traps import whole_numbers, with_fraction
from smsearch.reasons.value_trace import spelling
from smsearch.schema import read, values
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.ast import BooleanOperator, NestedFilters, SortOrder
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format as format_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from smsearch.predicate.predicate import Predicate
    from smsearch.reasons.bound_query import BoundQuery
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
        literal: The same number as a literal with which it would match, where an integer drops fractions (row F14).
    """

    name: str = ""
    value: str = ""
    values: tuple[str, ...] = ()
    lowest: str = ""
    highest: str = ""
    literal: str = ""


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

    def flattened(self, depth: int = 0) -> Iterator[tuple[int, Finding]]:
        """This finding and those of its parts, each with its depth."""
        yield depth, self
        for inner in self.parts:
            yield from inner.flattened(depth + 1)


@dataclass(frozen=True, slots=True, repr=False)
class Diagnosis:
    """What each condition of a query matches.

    Attributes:
        resource: The resource that was searched.
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

    def __str__(self) -> str:
        from smsearch.reasons import diagnosis_text

        return "\n".join(diagnosis_text.lines(self))

    def __repr__(self) -> str:
        from smsearch.reasons import diagnosis_text

        return f"<smsearch.Diagnosis: {diagnosis_text.headline(self)}>"

    def _repr_html_(self) -> str:
        """What each condition matches, for a notebook."""
        from smsearch.reasons import diagnosis_text

        return diagnosis_text.figure(self)


def diagnose(query: BoundQuery, clock: Callable[[], float] = time.monotonic) -> Diagnosis:
    """Looks into the conditions of a query, whether or not it finds anything."""
    resources = query.engine.resources()
    in_all = resources.get(query.resource, 0)
    bound = query.bound
    terms = list(bound.conditions if bound.is_any else _conjuncts(bound))
    counter = _ConditionCounter(query, clock)
    findings = counter.findings(terms, is_any=bound.is_any) if in_all else ()
    return Diagnosis(
        resource=query.resource,
        records=in_all,
        matches=query.engine.count(query.resource, query.predicate) if in_all else 0,
        operator=BooleanOperator.OR if bound.is_any else BooleanOperator.AND,
        findings=findings,
        left_out=len(terms) - len(findings) if in_all else 0,
        elsewhere={} if in_all else resources,
    )


def _conjuncts(bound: BoundExpression) -> Iterator[Bound]:
    """What must hold all at once, Ands inside Ands opened."""
    if bound.is_any:
        yield bound
        return
    for condition in bound.conditions:
        if isinstance(condition, BoundExpression):
            yield from _conjuncts(condition)
        else:
            yield condition


def _condition(term: Bound) -> BoundFilter | None:
    """The one condition that a term consists of; None for several conditions."""
    match term:
        case BoundFilter():
            return term
        case BoundNested(filters=(condition,)):
            return condition
        case BoundExpression(conditions=(only,)) if not isinstance(only, BoundExpression):
            return _condition(only)
        case _:
            return None


def _property(term: Bound, condition: BoundFilter) -> Property:
    """The property of a term's one condition, from the record on."""
    match term:
        case BoundExpression(conditions=(only,)):
            return _property(only, condition)
        case BoundNested(container=container):
            return replace(condition.prop, steps=container.steps + condition.prop.steps)
        case _:
            return condition.prop


class _ConditionCounter:
    """Counts what the conditions of one query match, within the bounds of this module."""

    def __init__(self, query: BoundQuery, clock: Callable[[], float]) -> None:
        self._query = query
        self._clock = clock
        self._ends = clock() + SECONDS_MAX
        self._left = CONDITIONS_MAX

    def findings(self, terms: Sequence[Bound], *, is_any: bool) -> tuple[Finding, ...]:
        """What the terms match, as far as the bounds allow; with `is_any` they are alternatives."""
        findings: list[Finding] = []
        for at, term in enumerate(terms):
            if not self._has_time():
                break
            finding = self._finding(term)
            if not is_any:
                others = [other.predicate for place, other in enumerate(terms) if place != at]
                finding = replace(finding, without=self._count(all_of(others)))
            findings.append(finding)
        return tuple(findings)

    def _has_time(self) -> bool:
        self._left -= 1
        return self._left >= 0 and self._clock() < self._ends

    def _count(self, predicate: Predicate) -> int:
        return self._query.engine.count(self._query.resource, predicate)

    def _finding(self, term: Bound) -> Finding:
        alone = self._count(term.predicate)
        text = format_text(term.expression)
        condition = _condition(term)
        if condition is not None:
            prop = _property(term, condition)
            present = self._count(Match(prop, Present()))
            nearest_to = Nearest() if alone else self._nearest(condition, prop, present)
            return Finding(text, alone, present=present, nearest=nearest_to)
        parts = () if alone else _inside(term)
        return Finding(text, alone, parts=self.findings(parts, is_any=True) if len(parts) > 1 else ())

    def _nearest(self, bound: BoundFilter, prop: Property, present: int) -> Nearest:
        condition = bound.filter
        if not present:
            names = self._query.engine.dynamic_names(self._query.resource)
            return Nearest(name=nearest(prop.name, sorted(names)) if "." in prop.name else "")
        if condition.operator.row.matches_absent or condition.operator is Operator.EXISTS:
            return Nearest()
        compares_text = condition.operator in _COMPARES_TEXT and prop.kind.holds_text
        value = self._nearest_value(condition, prop) if compares_text else ""
        if compares_text and not value and prop.kind.type is ValueType.TEXT:
            return Nearest(values=self._few(prop))
        if value or prop.is_many or not prop.kind.is_measured:
            return Nearest(value=value)
        whole = whole_numbers(bound.match.test)
        if whole is not None and self._count(Match(prop, whole)):
            return Nearest(literal=with_fraction(condition.value or ""))
        return Nearest(lowest=self._end(prop, SortOrder.ASCENDING), highest=self._end(prop, SortOrder.DESCENDING))

    def _nearest_value(self, condition: Filter, prop: Property) -> str:
        """The nearest text with which the condition would match something."""
        value = condition.value or ""
        for item in value.split(",") if condition.operator is Operator.IN else [value]:
            texts = self._query.spellings(prop, item.strip())
            near = nearest(item.strip(), texts)
            if not near and condition.operator is Operator.CONTAINS:
                near = _holding(item, texts)
            if near and self._count(Match(prop, TextIn((near,)))):
                return near
        return ""

    def _few(self, prop: Property) -> tuple[str, ...]:
        """The texts that are there, if they are few enough to be told."""
        texts = sorted(set(self._query.spellings(prop, "")))
        return tuple(texts) if len(texts) <= FEW else ()

    def _end(self, prop: Property, order: SortOrder) -> str:
        """The first value along an order, as its record has it."""
        page = self._query.engine.page(
            self._query.resource, Match(prop, Present()), SortKey(prop, order), b"", 1, total=0
        )
        raws = [raw for record in page.records for raw in read.raw_values(record.document, prop.steps)]
        if not raws:
            return ""
        value = prop.kind.read(raws[0])
        return values.iso_of(value) if prop.kind.is_time and isinstance(value, int) else spelling(raws[0])


def _holding(needle: str, spellings: list[str]) -> str:
    """A text that holds a needle in another case, or a word like it; `""` where there is none."""
    folded = needle.casefold()
    for text in spellings:
        at = text.casefold().find(folded)
        if at >= 0:
            return text
    words = {word: text for text in spellings for word in text.replace("/", "-").replace("_", "-").split("-")}
    return words.get(nearest(needle, sorted(words)), "")


def _inside(term: Bound) -> Sequence[Bound]:
    """The conditions inside brackets or an Or, each on its own."""
    match term:
        case BoundExpression(conditions=(BoundNested() as nested,)) | (BoundNested() as nested):
            name, container = nested.nested.nested_property_name, nested.container
            return [
                BoundNested(NestedFilters(name, (one.filter,)), container, (one,), AnyElement(container, one.predicate))
                for one in nested.filters
            ]
        case BoundExpression(conditions=conditions):
            return conditions
        case _:
            return ()
