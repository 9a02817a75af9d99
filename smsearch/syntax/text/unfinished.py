"""The end of a query that is being typed: what may stand there, and the part of it that is already typed.

It splits the text into tokens as the grammar does, and looks at the last few of them. It parses nothing, because half a
query is none.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.syntax import operators
from smsearch.syntax.text.lexer import LETTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COMPARISONS: Final = frozenset(text for row in operators.OPERATORS if row.operand for text in row.spellings)
"""Operators that a value follows, in capitals."""
_SYMBOLS: Final = sorted((text for text in _COMPARISONS if not text.isalpha()), key=len, reverse=True)
_TOKEN: Final = rf"""(?x)
      (?P<name>(?:{LETTER}|(?<=\.)"(?:[^"]|"")*(?:"|$))+)
    | (?P<text>'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$))
    | (?P<operator>{"|".join(map(re.escape, _SYMBOLS))})
    | (?P<mark>[()\[\]{{}},*`!&|])"""
OPERATORS: Final = tuple(f"{row.label} (" if row.operand.startswith("(") else row.label for row in operators.OPERATORS)
AFTER_COLUMN: Final = ("AS", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT")
AFTER_LABEL: Final = AFTER_COLUMN[1:]
AFTER_SOURCE: Final = AFTER_COLUMN[2:]
TIMES: Final = ("ago(", "now()")
"""Values of times beside those that are spelled out."""
AFTER_VALUE: Final = ("AND", "OR", "GROUP BY", "ORDER BY", "LIMIT")
AFTER_GROUP: Final = ("HAVING", "ORDER BY", "LIMIT")
AFTER_ORDER: Final = ("ASC", "DESC", "LIMIT")


class Wanted(Enum):
    """What may stand at the end of a text."""

    NAME = "a property"
    VALUE = "a value"
    RESOURCE = "a resource"
    OPERATOR = "an operator"
    AFTER_COLUMN = "what follows a column"
    AFTER_LABEL = "what follows the name of a column"
    AFTER_SOURCE = "what follows a resource"
    AFTER_VALUE = "a connective"
    AFTER_GROUP = "what follows the keys of groups"
    AFTER_ORDER = "a direction"
    NOTHING = "nothing that is known"


FIXED: Final[Mapping[Wanted, tuple[str, ...]]] = {
    Wanted.OPERATOR: OPERATORS,
    Wanted.AFTER_COLUMN: AFTER_COLUMN,
    Wanted.AFTER_LABEL: AFTER_LABEL,
    Wanted.AFTER_SOURCE: AFTER_SOURCE,
    Wanted.AFTER_VALUE: AFTER_VALUE,
    Wanted.AFTER_GROUP: AFTER_GROUP,
    Wanted.AFTER_ORDER: AFTER_ORDER,
}
"""The words that may stand at an end that the records do not decide."""


@frozen
class End:
    """The end of a text.

    Attributes:
        wanted: What may stand there.
        start: Where what is there of it begins.
        name: The property whose value is wanted; the list whose elements' properties are.
        words: Words of the language that may stand there too.
    """

    wanted: Wanted
    start: int
    name: str = ""
    words: tuple[str, ...] = ()


def end_of(text: str) -> End:
    """What may stand at the end of a text."""
    tokens = list(re.finditer(_TOKEN, text))
    start = len(text)
    if tokens and tokens[-1].end() == len(text) and _is_open(tokens[-1]):
        start = tokens.pop().start()
    words = [token[0] for token in tokens]
    inside = _list_inside(words)
    return _end(words, start, inside)


def _is_open(token: re.Match[str]) -> bool:
    """Whether a token at the end of the text may go on."""
    if token.lastgroup == "text":
        return len(token[0]) == 1 or token[0][-1] != token[0][0]
    return token.lastgroup == "name"


_BEFORE_NAME: Final = frozenset(
    {"", "(", "[", ",", "AND", "OR", "NOT", "WHERE", "SELECT", "DISTINCT", "HAVING", "ANY", "-"}
)
_ENDS_CONDITION: Final = frozenset({")", "]", "NULL", "EXISTS"})
_CLAUSES: Final = frozenset({"SELECT", "WHERE", "BY", "HAVING", "LIMIT"})
_BETWEEN: Final = 4
"""Words of `NAME BETWEEN x AND`."""


def _end(words: Sequence[str], start: int, inside: str) -> End:
    last, before = ([""] * 2 + [word.upper() for word in words])[:-3:-1]
    if last in _BEFORE_NAME or (last == "EXISTS" and not _named(words)):
        subject = _listed(words) or _between(words)
        if subject:
            return End(Wanted.VALUE, start, _full(subject, inside))
        return End(Wanted.NAME, start, inside, ("DISTINCT",) if last == "SELECT" else ())
    if _compares(words, len(words) - 1):
        return End(Wanted.VALUE, start, _full(_subject(words), inside))
    if before in {"ORDER", "GROUP"} and last == "BY":
        return End(Wanted.NAME, start)
    return End(_after(words, last, before), start)


def _after(words: Sequence[str], last: str, before: str) -> Wanted:
    """What may follow a word after which neither a name nor a value comes."""
    if last == "FROM":
        return Wanted.RESOURCE
    if before == "FROM":
        return Wanted.AFTER_SOURCE
    if _clause(words) == "SELECT":
        return _after_column(words, last, before)
    if "LIMIT" in {last, before}:
        return Wanted.NOTHING
    if [word.upper() for word in words[-3:-1]] == ["GROUP", "BY"]:
        return Wanted.AFTER_GROUP
    if before == "BY" or last in {"ASC", "DESC"}:
        return Wanted.AFTER_ORDER
    ends = last in _ENDS_CONDITION or before == "EXISTS" or bool(_between(words[:-1]))
    return Wanted.AFTER_VALUE if ends or _compares(words, len(words) - 2) else Wanted.OPERATOR


def _clause(words: Sequence[str]) -> str:
    """The word that begins the clause in which the words end, or `""`."""
    return next((word.upper() for word in reversed(words) if word.upper() in _CLAUSES), "")


def _after_column(words: Sequence[str], last: str, before: str) -> Wanted:
    if last == "AS" or words.count("(") > words.count(")"):
        return Wanted.NOTHING
    return Wanted.AFTER_LABEL if before == "AS" else Wanted.AFTER_COLUMN


def _between(words: Sequence[str]) -> str:
    """The name before `BETWEEN x AND`, if the words end so; else `""`."""
    *_, name, between, _, connective = [""] * _BETWEEN + list(words)
    return name if between.upper() == "BETWEEN" and connective.upper() == "AND" else ""


def _compares(words: Sequence[str], at: int) -> bool:
    return at >= 1 and words[at].upper() in _COMPARISONS


def _named(words: Sequence[str]) -> bool:
    """Whether a name stands before the EXISTS that comes last, so that it ends a condition and begins none.

    `a EXISTS` and `a NOT EXISTS` end one; `NOT EXISTS` and `a = 1 AND EXISTS` begin one.
    """
    before = [word.upper() for word in words[:-1]]
    if before and before[-1] == "NOT":
        before.pop()
    return bool(before) and before[-1] not in {"AND", "OR", "NOT", "(", "[", "WHERE"}


def _subject(words: Sequence[str]) -> str:
    """The name before the operator that stands last."""
    at = len(words) - 2
    return words[at - 1] if at and words[at].upper() == "NOT" else words[at]


def _listed(words: Sequence[str]) -> str:
    """The name before `IN (`, if the text is in such a list; else `""`."""
    at = len(words) - 1
    while at >= 0 and words[at] not in "()[]":
        at -= 1
    return _subject(words[:at]) if at > 1 and words[at] == "(" and words[at - 1].upper() == "IN" else ""


def _list_inside(words: Sequence[str]) -> str:
    """The list between whose brackets the text ends, or `""`."""
    lists: list[str] = []
    for at, word in enumerate(words):
        if word == "[":
            lists.append(words[at - 1] if at else "")
        elif word == "]" and lists:
            lists.pop()
    return lists[-1] if lists else ""


def _full(name: str, inside: str) -> str:
    return f"{inside}.{name}" if inside and not name.lower().startswith(f"{inside.lower()}.") else name
