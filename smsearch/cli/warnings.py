"""What is probably not meant in a query that is right: names that no record has, conditions that elements split."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsearch.cli.notes import Notes
    from smsearch.cli.question import Question
    from smsearch.result import Result


def about(result: Result, question: Question, notes: Notes) -> None:
    """Says what is odd about a question to these records."""
    if notes.is_quiet:
        return
    if question.resource not in (None, result.resource):
        notes.warning(f"the query asks for {result.resource}, so -r {question.resource} was not heeded")
    for sentence in result.query.notes:
        notes.note(f"note: {sentence}")
    for name, nearest in result.unseen().items():
        hint = f"; did you mean {nearest}?" if nearest else ""
        notes.warning(f"no {result.resource} record has {name}{hint}")
    for spread in result.spreads():
        notes.warning(f"{' and '.join(spread.texts)} may be met by different elements")
        notes.note(f"hint: for one element that meets all: {spread.suggestion}")
