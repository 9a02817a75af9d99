"""Writes to standard error why a query matches nothing: what each condition matches, and what it may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.reasons.diagnosis_text import lines

if TYPE_CHECKING:
    from smsearch.cli.standard_error import StandardError
    from smsearch.result import Result


def write(result: Result, stderr: StandardError) -> None:
    """Writes the diagnosis if the query matches nothing; a LIMIT of 0 is no reason for one."""
    if not stderr.is_quiet and not result.total:
        stderr.note("\n".join(lines(result.diagnose())))
