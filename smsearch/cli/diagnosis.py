"""Writes to standard error why a query matches nothing: what each condition matches, and what it may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.cli.standard_error import counted
from smsearch.messages import visible
from smsearch.syntax.ast import BooleanOperator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.cli.standard_error import StandardError
    from smsearch.reasons.diagnosis import Diagnosis, Finding, Nearest
    from smsearch.result import Result


def write(result: Result, stderr: StandardError) -> None:
    """Writes the diagnosis if the query matches nothing; a LIMIT of 0 is no reason for one."""
    if not stderr.is_quiet and not result.total:
        stderr.note("\n".join(lines(result.diagnose())))


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The diagnosis for people; alternatives have no third column, since dropping one finds no more."""
    if not diagnosis.records:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in diagnosis.elsewhere.items())
        yield f"nothing matches: there is no {diagnosis.resource} record; there are {kinds or 'no records at all'}"
        return
    yield f"nothing matches, of {counted(diagnosis.records, diagnosis.resource + ' record')}"
    is_all = diagnosis.operator is BooleanOperator.AND and len(diagnosis.findings) > 1
    yield from _rows(diagnosis.findings, is_all=is_all)
    if diagnosis.left_out:
        yield f"  {counted(diagnosis.left_out, 'more condition')} not looked into"


def _rows(findings: tuple[Finding, ...], *, is_all: bool) -> Iterator[str]:
    header = ["alone", "without it"] if is_all else ["alone"]
    flat = [(depth, finding) for one in findings for depth, finding in _flattened(one, 0)]
    cells = [
        [f"{finding.alone:,}", "" if finding.without is None else f"{finding.without:,}"][: len(header)]
        for _, finding in flat
    ]
    widths = [max(len(row[column]) for row in [header, *cells]) for column in range(len(header))]
    if flat:
        yield f"  {'  '.join(name.rjust(width) for name, width in zip(header, widths, strict=True))}  condition"
    for (depth, finding), row in zip(flat, cells, strict=True):
        numbers = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {numbers}  {'  ' * depth}{visible(finding.text)}{_hint(finding)}"


def _flattened(finding: Finding, depth: int) -> Iterator[tuple[int, Finding]]:
    yield depth, finding
    for part in finding.parts:
        yield from _flattened(part, depth + 1)


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
