"""A truth tree as lines for people: boxes on a terminal, indented words elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.messages import counted
from smsearch.notebook import html
from smsearch.reasons.truth import Junction
from smsearch.reasons.value_trace import Compared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.notebook.html import Html
    from smsearch.reasons.truth import Truth
    from smsearch.reasons.value_trace import ValueTrace

SHOWN_MAX: Final = 10
"""Values of a condition, and elements that fail a condition in brackets, that are written out."""


@frozen
class Style:
    """How branches and verdicts look.

    Attributes:
        holds: Before what holds.
        fails: Before what does not.
        branch: Before a part that others follow.
        last: Before the last part.
        between: Below a part that others follow.
        below: Below the last part.
    """

    holds: str
    fails: str
    branch: str
    last: str
    between: str
    below: str


INDENTED: Final = Style("true   ", "false  ", "  ", "  ", "  ", "  ")
BOXED: Final = Style("\u2713 ", "\u2717 ", "\u251c\u2500 ", "\u2514\u2500 ", "\u2502  ", "   ")


def lines(truth: Truth, style: Style) -> Iterator[str]:
    """The tree, a node a line, what the record has beside the condition that asks for it."""
    yield from _lines(truth, style, "", "")


def _lines(truth: Truth, style: Style, first: str, rest: str) -> Iterator[str]:
    yield f"{first}{style.holds if truth.holds else style.fails}{node_text(truth)}"
    parts = shown_parts(truth)
    left_out = 0 if truth.holds else len(truth.parts) - len(parts)
    for at, part in enumerate(parts):
        is_last = at == len(parts) - 1 and not left_out
        branch, below = (style.last, style.below) if is_last else (style.branch, style.between)
        yield from _lines(part, style, rest + branch, rest + below)
    if left_out:
        yield f"{rest}{style.last}{left_out:,} more elements, none of which satisfies all: -f json lists them"


def item(truth: Truth) -> Html:
    """The tree as an item of an HTML list, for a notebook."""
    parts = shown_parts(truth)
    left_out = 0 if truth.holds else len(truth.parts) - len(parts)
    below = [item(part) for part in parts]
    if left_out:
        below.append(html.nested(f"{left_out:,} more elements, none of which satisfies all", ()))
    return html.nested(f"{BOXED.holds if truth.holds else BOXED.fails}{node_text(truth)}", below)


def shown_parts(truth: Truth) -> tuple[Truth, ...]:
    """All parts; of a list the elements that satisfy all, else the first that do not."""
    if truth.junction is not Junction.ELEMENT:
        return truth.parts
    met = tuple(part for part in truth.parts if part.holds)
    return (met or truth.parts)[:SHOWN_MAX]


def node_text(truth: Truth) -> str:
    """A node on one line: a condition with what the record has, or how its parts make its verdict."""
    match truth.junction:
        case Junction.NONE:
            return f"{truth.text}: {_had(truth.values)}"
        case Junction.ELEMENT:
            return f"{truth.text}: {_of_elements(truth)}"
        case Junction.ALL if truth.label:
            return f"{truth.text} ({truth.label})"
        case Junction.ALL if not truth.parts:
            return "every record"
        case _:
            return truth.junction.value


def _of_elements(truth: Truth) -> str:
    met = sum(part.holds for part in truth.parts)
    if not truth.parts:
        return "the list is absent or empty"
    return f"{met or 'none'} of {counted(len(truth.parts), 'element')} satisfies all"


def _had(values: tuple[ValueTrace, ...]) -> str:
    """What the record has; values that pass first."""
    if not values:
        return "absent"
    ordered = sorted(values, key=lambda value: not value.passes)
    first = "; ".join(map(_worded, ordered[:SHOWN_MAX]))
    more = len(values) - SHOWN_MAX
    return f"{first}; {more:,} more" if more > 0 else first


def _worded(value: ValueTrace) -> str:
    """`'0.70', text compared as number 0.7`."""
    spelled = f"'{value.spelling}'" if value.type == "text" else value.spelling
    text = f"[{']['.join(map(str, value.places))}] {spelled}" if value.places else spelled
    match value.compared:
        case Compared.PRESENCE:
            return f"{text}, which is there"
        case Compared.UNREADABLE:
            return f"{text}, {value.type}, UNREADABLE: it satisfies no comparison"
    coerced = f"{value.type} " if value.type != value.compared else ""
    reading = f" {value.reading}" if value.reading else ""
    return f"{text}, {coerced}compared as {value.compared}{reading}"
