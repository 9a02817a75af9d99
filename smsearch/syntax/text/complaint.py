"""What to say about a text that is no sentence: what was expected, in words, and what was probably meant.

Terminal names of the grammar come in and never go out. The hints are a table of mistakes that people make who
know another query language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lark import Token, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from smsearch.messages import listed, shortened
from smsearch.syntax.text.errors import Refusal
from smsearch.syntax.text.lexer import KEYWORDS, LETTER

if TYPE_CHECKING:
    from lark import UnexpectedInput

_CONDITION = "a condition"
_OPERATOR = "an operator (=, !=, <, <=, >, >=, CONTAINS, IN, BETWEEN, LIKE, EXISTS or IS NULL)"
_VALUE = "a value"

_WORDS: Final = (
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
    ("_IN", "IN, LIKE, BETWEEN or EXISTS"),
)
"""What a terminal is called; of those under one condition the first stands for the rest."""

_COVERS: Final = {
    _CONDITION: {"NAME", "COMPARATOR", "LPAR"},
    _OPERATOR: {"_IN", "_WHERE"},
    _VALUE: {"WORD"},
}
"""Terminals that need no mention beside one that says as much."""


@dataclass(frozen=True, slots=True)
class _Mistake:
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
    _Mistake("", "", r"offset\b", "There is no OFFSET: pages are continued by the caller."),
    _Mistake("", "", r"(?:group|having|join|union|distinct)\b", "A query has SELECT, FROM, WHERE, ORDER BY and LIMIT."),
    _Mistake("", "", r"nulls\b", "Records without the sort property always come last."),
    _Mistake(_OPERATOR, r"", r"[~?^$]", "The API has no patterns; write CONTAINS for a part of the text."),
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
    _Mistake(_VALUE, r"[<>=]\s*$", r"[<>=]", "Operators are =, !=, <, <=, > and >=."),
    _Mistake(_VALUE, r"", r":", "A parameter is ':' and a word of letters, digits and underscores."),
    _Mistake(_CONDITION, "", r"'", "A name goes in double quotes, a value in single ones."),
    _Mistake(_CONDITION, "", r":", "A name that begins with ':' needs quotes; a parameter can only be a value."),
    _Mistake("AND", r"\bago\s*$", "[0-9]", "ago takes a number and a unit: ago(7d)."),
    _Mistake("AND", "", LETTER, "A value with blanks needs quotes: 'two words'."),
)

_LOOK_BEHIND: Final = 300
"""Characters before the place in which a mistake is looked for: a name and an operator."""

_TOKEN = re.compile(rf"{LETTER}+|'[^']*'|\"[^\"]*\"|`[^`]*`|\S", re.DOTALL)


def complaint(text: str, unexpected: UnexpectedInput) -> Refusal:
    """The refusal of a text that the parser could not read to its end."""
    at = _place(text, unexpected)
    expected = _expected(_acceptable(unexpected))
    found = _TOKEN.match(text, at)
    message = f"{_shown(found[0])} cannot stand here." if found else "The query ends too early."
    return Refusal(at, f"{message} Expected {listed(expected)}.", _hint(text, at, expected, found and found[0]))


def _shown(found: str) -> str:
    return shortened(found) if found[0] in "'\"`" else f"'{shortened(found)}'"


def _place(text: str, unexpected: UnexpectedInput) -> int:
    """Where the parser stopped."""
    match unexpected:
        case UnexpectedToken(token=Token(type="$END")):
            return len(text)
        case UnexpectedToken():
            return unexpected.token.start_pos or 0
        case _:
            at: int | None = getattr(unexpected, "pos_in_stream", None)  # lark types it as None
            return len(text) if at is None else at


def _acceptable(unexpected: UnexpectedInput) -> set[str]:
    """The terminals that could have stood there, given everything before; the error itself lists some too many."""
    parser = getattr(unexpected, "interactive_parser", None)
    if not isinstance(parser, InteractiveParser):
        return set()
    terminals: set[str] = parser.accepts()  # type: ignore[no-untyped-call]  # lark has no types there
    return terminals


def _expected(terminals: set[str]) -> list[str]:
    """What the terminals are in words, without those that another one covers."""
    words: list[str] = []
    for terminal, word in _WORDS:
        covered = set[str]().union(*(_COVERS.get(said, ()) for said in words))
        if terminal in terminals and terminal not in covered and word not in words:
            words.append(word)
    return words or ["the end of the query"]


def _hint(text: str, at: int, expected: list[str], found: str | None) -> str:
    if found is not None and found.lower() in KEYWORDS and {_VALUE, _CONDITION, "a name"} & set(expected):
        special = _mistake(text, at, expected)
        quote = "single quotes it is a value" if _VALUE in expected else "double quotes it is a name"
        return special or f"{found.upper()} is a word of the language; in {quote}."
    return _mistake(text, at, expected)


def _mistake(text: str, at: int, expected: list[str]) -> str:
    before = text[max(0, at - _LOOK_BEHIND) : at]
    for mistake in _MISTAKES:
        if mistake.expected and mistake.expected not in expected:
            continue
        behind = re.search(mistake.before or r"$", before, re.IGNORECASE)
        if behind and re.compile(mistake.at, re.IGNORECASE).match(text, at):
            words = {name: shortened(word) for name, word in behind.groupdict().items()}
            return mistake.hint.format(**words) if words else mistake.hint
    return ""
