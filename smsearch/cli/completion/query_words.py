"""The words that may stand at the end of a query that is being typed, spelled as the query and the shell need them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smsearch.schema import catalogue
from smsearch.syntax.text import unfinished
from smsearch.syntax.text.unfinished import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.cli.completion.candidates import Candidates
    from smsearch.cli.completion.line import Line

_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"')
_SIMPLE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:")


def query_words(candidates: Candidates, line: Line) -> tuple[str, ...]:
    """The query that is being typed, once with each word that may stand at its end."""
    if line.last.startswith(("{", "@")):
        return ()
    end = unfinished.end_of(line.last)
    begun, typed = line.last[: end.start], line.last[end.start :]
    fixed = unfinished.FIXED.get(end.wanted)
    if fixed is not None:
        return tuple(begun + word for word in fixed if word.startswith(typed.upper()))
    match end.wanted:
        case Wanted.NAME:
            words = [_in_query(name, typed) for name in _names_inside(candidates.names(), end.name, typed)]
            more = [word for word in end.words if typed and word.startswith(typed.upper())]
            if len(words) == 1 and line.quote and not more:  # bash would close the quote behind a single answer
                following = unfinished.FIXED.get(unfinished.end_of(f"{begun}{words[0]} ").wanted, ())
                words = [f"{words[0]} {word}" for word in following] or words
            words += more
        case Wanted.VALUE:
            quote = typed[:1] if typed[:1] in {"'", '"'} and typed else ""
            prefix = typed[1:].replace(quote * 2, quote) if quote else typed
            name = _unquoted(end.name)
            words = [_literal(value, quote, line.quote) for value in candidates.values(name, prefix)]
            words += [word for word in unfinished.TIMES if word.startswith(typed.lower()) and candidates.is_time(name)]
        case Wanted.RESOURCE:
            words = [name for name in catalogue.kinds() if name.lower().startswith(typed.lower())]
        case _:
            words = []
    return tuple(begun + word for word in words)


def by_segment(names: Sequence[str], prefix: str) -> list[str]:
    """The names that begin with a prefix, in any case; of several that go on after a dot, what they share up to it."""
    by_stem: dict[str, list[str]] = {}
    for name in names:
        if name.lower().startswith(prefix.lower()):
            head, dot, _ = name[len(prefix) :].partition(".")
            by_stem.setdefault(name[: len(prefix)] + head + dot, []).append(name)
    stems = [members[0] if len(members) == 1 else stem for stem, members in by_stem.items()]
    return by_segment(names, stems[0]) if len(stems) == 1 and stems[0].endswith(".") and stems[0] != prefix else stems


def _names_inside(names: Sequence[str], container: str, written: str) -> list[str]:
    """The names that begin as written is; between a list's brackets those of its elements, without the list's."""
    plain = written.replace('"', "")
    if not container:
        return by_segment(names, plain)
    prefix = f"{container}."
    inner = [name[len(prefix) :] for name in names if name.lower().startswith(prefix.lower())]
    return by_segment(inner, plain)


def _in_query(name: str, typed: str) -> str:
    """A name as a query spells it, in quotes behind its dot for a blank or the like, or if they are typed."""
    head, dot, rest = name.partition(".")
    escaped = rest.replace('"', '""')
    is_quoted = f'{head}{dot}"'.lower() == typed[: len(head) + 2].lower()
    return name if _is_plain(rest) and not is_quoted else f'{head}{dot}"{escaped}"'


def _unquoted(name: str) -> str:
    return _QUOTED.sub(lambda quoted: quoted[1].replace('""', '"'), name)


def _is_plain(text: str) -> bool:
    return not any(character.isspace() or character in "()[]{},'\"`<>=!&|*" for character in text)


def _literal(value: str, quote: str, shell_quote: str) -> str:
    """A value as a query spells it: bare if no quote is open, in the quote that the shell does not use otherwise."""
    if not quote and not shell_quote and value and _SIMPLE.issuperset(value):
        return value
    quote = quote or ('"' if shell_quote == "'" else "'")
    return f"{quote}{value.replace(quote, quote * 2)}{quote}"
