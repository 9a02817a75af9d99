"""The diagnosis of a query that matches nothing, in words: lines for a terminal, a figure for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.messages import counted, visible
from smsearch.notebook import html
from smsearch.syntax.ast import BooleanOperator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.reasons.diagnosis import Diagnosis, Finding, Nearest


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The diagnosis for people; alternatives have no third column, since dropping one finds no more."""
    yield headline(diagnosis)
    header, rows = cells(diagnosis)
    counts = len(header) - 1
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(counts)]
    for *numbers, condition in [header, *rows] if rows else []:
        columns = "  ".join(number.rjust(width) for number, width in zip(numbers, widths, strict=True))
        yield f"  {columns}  {condition}"
    yield from (f"  {remark}" for remark in _remarks(diagnosis))


def figure(diagnosis: Diagnosis) -> str:
    """The diagnosis as HTML."""
    header, rows = cells(diagnosis)
    numeric = [*[True] * (len(header) - 1), False]
    drawn = [html.table(header, rows, numeric)] if rows else []
    return html.figure(headline(diagnosis), drawn, _remarks(diagnosis))


def headline(diagnosis: Diagnosis) -> str:
    """How many of how many records match, or where there are records at all."""
    if not diagnosis.records:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in diagnosis.elsewhere.items())
        return f"nothing matches: there is no {diagnosis.resource} record; there are {kinds or 'no records at all'}"
    in_all = counted(diagnosis.records, f"{diagnosis.resource} record")
    return f"{counted(diagnosis.matches, 'match', 'matches') if diagnosis.matches else 'nothing matches'}, of {in_all}"


def cells(diagnosis: Diagnosis) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a table: what each condition matches, the condition, and what it may have meant."""
    is_all = diagnosis.operator is BooleanOperator.AND and len(diagnosis.findings) > 1
    header = ["alone", "without it", "condition"] if is_all else ["alone", "condition"]
    rows = []
    for depth, finding in (flat for one in diagnosis.findings for flat in one.flattened()):
        without = ["" if finding.without is None else f"{finding.without:,}"] if is_all else []
        rows.append([f"{finding.alone:,}", *without, f"{'  ' * depth}{visible(finding.text)}{_hint(finding)}"])
    return header, rows


def _remarks(diagnosis: Diagnosis) -> list[str]:
    return [f"{counted(diagnosis.left_out, 'more condition')} not looked into"] if diagnosis.left_out else []


def _hint(finding: Finding) -> str:
    near = finding.nearest
    if finding.alone or finding.present is None:
        return ""
    if not finding.present:
        return f": no record has it{f'; did you mean {visible(near.name)}?' if near.name else ''}"
    return _meant(near)


def _meant(near: Nearest) -> str:
    if near.value:
        return f": the nearest value is '{visible(near.value)}'"
    if near.values:
        word = "values are" if len(near.values) > 1 else "only value is"
        return f": the {word} {', '.join(map(visible, near.values))}"
    if near.literal:
        return f": numbers are compared without fractions; write {near.literal}"
    if near.lowest and near.lowest == near.highest:
        return f": the only value is {visible(near.lowest)}"
    if near.lowest:
        return f": values go from {visible(near.lowest)} to {visible(near.highest)}"
    return ""
