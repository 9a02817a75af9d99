"""What to say where the parser stops: what was expected, in words, and what was probably meant.

Terminal names of the grammar come in and never go out. The hints are a table of mistakes that people make who know
another query language. This module knows no parser, and is loaded only for a text that is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from smsearch.messages import listed, shortened
from smsearch.syntax.operators import OPERATORS
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.lexer import KEYWORDS, LETTER

if TYPE_CHECKING:
    from collections.abc import Collection

_LABELS: Final = [row.label for row in OPERATORS]
_AFTER_NOT: Final = [row.text for row in OPERATORS if row.text.isalpha()]

_CONDITION: Final = "a condition"
_OPERATOR: Final = f"an operator ({listed(_LABELS)})"
_VALUE: Final = "a value"

_TERMINALS: Final = (
    ("_ANY", _CONDITION),
    ("COMPARATOR", _OPERATOR),
    ("STRING", _VALUE),
    ("WORD", "a number"),
    ("NAME", "a name"),
    ("COLUMN", "a name"),
    ("_AND", "AND"),
    ("_OR", "OR"),
    ("COMMA", "','"),
    ("RPAR", "')'"),
    ("RSQB", "']'"),
    ("LPAR", "'('"),
    ("_BY", "BY"),
    ("_FROM", "FROM"),
    ("_WHERE", "WHERE"),
    ("DESC", "ASC or DESC"),
    ("_ORDER", "ORDER BY"),
    ("_LIMIT", "LIMIT"),
    ("_NULL", "NULL or NOT NULL"),
    ("_IN", listed(_AFTER_NOT)),
)
"""What a terminal is called; of those under one condition the first stands for the rest."""

_COVERED_BY: Final = {
    _CONDITION: {"NAME", "COMPARATOR", "LPAR"},
    _OPERATOR: {"_IN", "_WHERE"},
    _VALUE: {"WORD"},
}
"""Terminals that are not mentioned beside this word, which says as much."""


class _Mistake(NamedTuple):
    """A habit from elsewhere: what was expected, what stands before the place and at it, and what to write."""

    expected: str
    before: str
    at: str
    hint: str


_MISTAKES: Final = (
    _Mistake("", r"^\s*", r"\{", "JSON is given as an object, not as text."),
    _Mistake(
        "",
        rf"(?<!{LETTER})(?P<word>{'|'.join(sorted(KEYWORDS))})\s*$",
        r"[=<>]",
        "{word} is a word of the language; in double quotes it is a name.",
    ),
    _Mistake("", "", r"&", "Write AND."),
    _Mistake("", "", r"\|", "Write OR."),
    _Mistake("", "", r"!", "Write NOT before a condition, != between a name and a value."),
    _Mistake("", "", r";", "A query does not end with ';'."),
    _Mistake("", r";\s*$", r"", "Write AND between two conditions, not ';'."),
    _Mistake(_OPERATOR, rf"{LETTER}$", r"\(", "A name has no parentheses; one that has them stands in double quotes."),
    _Mistake("", "", r"offset\b", "There is no OFFSET: pages are continued by the caller."),
    _Mistake(
        "", "", r"(?:join|union|distinct)\b", "A query has SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY and LIMIT."
    ),
    _Mistake("", "", r"nulls\b", "Records without the sort property always come last."),
    _Mistake(_OPERATOR, r"", r"[~?^$]", "Patterns are those of LIKE: '%text%' for a part of the text."),
    _Mistake(
        _OPERATOR,
        rf"(?<!{LETTER})(?P<name>{LETTER}+?):(?P<value>{LETTER}+)\s*$",
        "",
        "':' is a letter of names; write {name} = {value}.",
    ),
    _Mistake(_OPERATOR, rf"(?<!{LETTER})(?P<name>{LETTER}+):\s*$", "", "':' is a letter of names; write {name} = ..."),
    _Mistake(_OPERATOR, "", LETTER, 'A name with blanks needs quotes: Tags."cost center".'),
    _Mistake(_VALUE, r"(?:!=|<>)\s*$", r"null\b", "Write the name and IS NOT NULL."),
    _Mistake(_VALUE, r"=\s*$", r"null\b", "Write the name and IS NULL."),
    _Mistake(
        _VALUE,
        r"[<>=]\s*$",
        r"[<>=]",
        f"Operators are {listed((text for text in _LABELS if not text[0].isalpha()), 'and')}.",
    ),
    _Mistake(_VALUE, r"", r":", "A parameter is ':' and a word of letters, digits and underscores."),
    _Mistake(_CONDITION, "", r"'", "A name goes in double quotes, a value in single ones."),
    _Mistake(_CONDITION, "", r":", "A name that begins with ':' needs quotes; a parameter can only be a value."),
    _Mistake("AND", r"\bago\s*$", "[0-9]", "ago takes a number and a unit: ago(7d)."),
    _Mistake("AND", "", LETTER, "A value with blanks needs quotes: 'two words'."),
)

_LOOK_BEHIND: Final = 300
"""Characters before the place in which a mistake is looked for: a name and an operator."""

_TOKEN: Final = rf"(?s){LETTER}+|'[^']*'|\"[^\"]*\"|`[^`]*`|\S"


def unexpected(text: str, at: int, terminals: Collection[str]) -> TextError:
    """The error of a text that the parser could not read to its end.

    Args:
        text: The whole text.
        at: The offset at which the parser stopped; the length of the text, where it ends too early.
        terminals: The terminals of the grammar that could have stood there.
    """
    choices = _words(terminals)
    token = re.compile(_TOKEN).match(text, at)
    message = f"{_shown(token[0])} cannot stand here." if token else "The query ends too early."
    return TextError(at, f"{message} Expected {listed(choices)}.", _hint(text, at, choices, token[0] if token else ""))


def _shown(token: str) -> str:
    return shortened(token) if token[0] in "'\"`" else f"'{shortened(token)}'"


def _words(terminals: Collection[str]) -> list[str]:
    """What the terminals are in words, without those that another one covers."""
    words: list[str] = []
    for terminal, word in _TERMINALS:
        is_covered = any(terminal in _COVERED_BY.get(earlier, ()) for earlier in words)
        if terminal in terminals and not is_covered and word not in words:
            words.append(word)
    return words or ["the end of the query"]


def _hint(text: str, at: int, choices: list[str], token: str) -> str:
    mistake = _mistake(text, at, choices)
    if mistake or token.lower() not in KEYWORDS or not {_VALUE, _CONDITION, "a name"} & set(choices):
        return mistake
    meaning = "single quotes it is a value" if _VALUE in choices else "double quotes it is a name"
    return f"{token.upper()} is a word of the language; in {meaning}."


def _mistake(text: str, at: int, choices: list[str]) -> str:
    before = text[max(0, at - _LOOK_BEHIND) : at]
    for mistake in _MISTAKES:
        if mistake.expected and mistake.expected not in choices:
            continue
        behind = re.search(mistake.before or r"$", before, re.IGNORECASE)
        if behind and re.compile(mistake.at, re.IGNORECASE).match(text, at):
            words = {name: shortened(word) for name, word in behind.groupdict().items()}
            return mistake.hint.format(**words) if words else mistake.hint
    return ""
