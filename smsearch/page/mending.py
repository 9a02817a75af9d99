"""What is wrong with a query, with links that mend it: another name, operator or value, or one condition less."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError, TextSyntaxError
from smsearch.frozen import replace
from smsearch.page.query_text import joined, read_query
from smsearch.syntax.ast import BooleanOperator
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format_filter
from smsearch.syntax.text.lexer import write_name
from smsearch.syntax.text.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.page.addresses import SearchAddress
    from smsearch.reasons.diagnosis import Diagnosis, Finding
    from smsearch.syntax.ast import Filter

_VALUED: Final = frozenset({Operator.EQUALS, Operator.NOT_EQUALS, Operator.CONTAINS})


@dataclass(frozen=True, slots=True)
class Mend:
    """A link that changes the query: what it writes, and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a query is none.

    Attributes:
        message: What is wrong.
        hint: What would be right, or `""`.
        excerpt: The line of the query with a caret under the place, or `""`.
        mend: A link that puts it right, if it is known.
    """

    message: str
    hint: str
    excerpt: str
    mend: Mend | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a query that finds nothing.

    Attributes:
        text: It in the text language.
        depth: In how many others it is.
        alone: What it matches by itself.
        without: What all others match; None for an alternative.
        drop_url: The query without it, or `""`.
        reason: Why it matches nothing, or `""`.
        mends: What it may have meant.
    """

    text: str
    depth: int
    alone: int
    without: int | None
    drop_url: str
    reason: str
    mends: tuple[Mend, ...]


def refusal(error: RequestError, address: SearchAddress) -> Refusal:
    """An error of the query at an address as people read it."""
    excerpt = error.excerpt if isinstance(error, TextSyntaxError) else ""
    return Refusal(error.message, error.hint, excerpt, _mend(error, address))


def _mend(error: RequestError, address: SearchAddress) -> Mend | None:
    suggestion = error.suggestion
    if suggestion is None:
        return None
    text, right = address.query, suggestion.right
    if isinstance(error, TextSyntaxError):
        place, wrong = text.find(suggestion.wrong, _offset(text, error)), suggestion.wrong
    else:
        place, wrong = _place_of_name(text, suggestion.wrong)
        right = write_name(right)
    if place < 0:
        return None
    return Mend(right, replace(address, query=text[:place] + right + text[place + len(wrong) :], page=1).url())


def _place_of_name(text: str, name: str) -> tuple[int, str]:
    """Where in the text a name stands, quoted or bare, and its spelling there; -1 if nowhere."""
    for spelling in (write_name(name), name):
        match = re.search(rf"(?<![\w.]){re.escape(spelling)}(?![\w.])", text)
        if match is not None:
            return match.start(), spelling
    return -1, name


def _offset(text: str, error: TextSyntaxError) -> int:
    """Where in the text an error is."""
    before = text.split("\n")[: error.line - 1]
    return sum(len(line) + 1 for line in before) + error.column - 1


def conditions_of(diagnosis: Diagnosis, address: SearchAddress) -> tuple[Condition, ...]:
    """The conditions of a query that finds nothing, each with the links that make it find something."""
    can_drop = diagnosis.operator is BooleanOperator.AND and not diagnosis.left_out
    return tuple(
        condition
        for place in range(len(diagnosis.findings))
        for condition in _conditions(diagnosis, place, address, can_drop=can_drop)
    )


def _conditions(diagnosis: Diagnosis, place: int, address: SearchAddress, *, can_drop: bool) -> Iterator[Condition]:
    finding = diagnosis.findings[place]
    texts = [other.text for other in diagnosis.findings]
    others = [*texts[:place], *texts[place + 1 :]]
    drop = _with(address, joined(others)) if can_drop else ""
    queries = [joined([*texts[:place], text, *texts[place + 1 :]]) for text in _meant(finding)] if can_drop else []
    mends = [Mend(text, _with(address, whole)) for text, whole in zip(_meant(finding), queries, strict=False)]
    yield Condition(finding.text, 0, finding.alone, finding.without, drop, reason_of(finding), tuple(mends))
    yield from (
        Condition(part.text, depth, part.alone, None, "", reason_of(part), ())
        for child in finding.parts
        for depth, part in child.flattened(1)
    )


def _with(address: SearchAddress, conditions: str) -> str:
    return replace(address, query=read_query(address.query).with_conditions(conditions), page=1, selected=()).url()


def _meant(finding: Finding) -> list[str]:
    """The texts of what a condition may have meant."""
    condition = single_filter(finding.text)
    near = finding.nearest
    if condition is None or finding.alone:
        return []
    if near.name:
        return [format_filter(replace(condition, name=near.name))]
    if condition.operator not in _VALUED:
        return []
    return [format_filter(replace(condition, value=value)) for value in (near.value, *near.values) if value]


def single_filter(text: str) -> Filter | None:
    """The one filter that a text is, or None."""
    with suppress(RequestError):
        expression = parse(text).expression
        if expression is not None and len(expression.filters) == 1 and not expression.sub_expressions:
            return expression.filters[0] if not expression.nested_filters else None
    return None


def reason_of(finding: Finding) -> str:
    """Why a condition matches nothing; `""` if it does, or if that is not known."""
    near = finding.nearest
    if finding.alone or finding.present is None:
        return ""
    if not finding.present:
        return "no record has it"
    if near.values:
        return f"the values are {', '.join(near.values)}"
    if near.lowest:
        return f"values go from {near.lowest} to {near.highest}"
    return f"the nearest value is {near.value}" if near.value else ""
