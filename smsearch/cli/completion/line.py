"""A command line up to the cursor, as a shell has it: words, and what could stand in the place of the last one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from smsearch.errors import SmsearchError

if TYPE_CHECKING:
    from collections.abc import Sequence

ASKS_A_QUERY: Final = frozenset({"search", "count", "explain", "why"})
"""Verbs whose last argument is a query."""
ASKS_NAMES: Final = frozenset({"facet", "values", "schema"})
"""Verbs whose arguments after the sources are properties."""
WITHOUT_VALUE: Final = frozenset(
    {"-e", "--exit-status", "-q", "--quiet", "-h", "--help"}
    | {"--all", "--add", "--debug", "--deep", "--extended", "--relative", "--restart", "--search", "--source"}
)
"""Options that stand alone; the word after any other is its value."""
_ESCAPED_IN_DOUBLE_QUOTES: Final = '"\\$`'
_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"')
_SIMPLE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:")


@dataclass(frozen=True, slots=True)
class Line:
    """A command line up to the cursor.

    Attributes:
        words: The words before the last one, without their quotes.
        last: The last word as far as it is written, without its quotes; `""` after a blank.
        quote: The quote that is open at its end, or `""`.
        raw: The last word as it is written.
    """

    words: tuple[str, ...]
    last: str
    quote: str
    raw: str

    @property
    def is_closed(self) -> bool:
        """Whether the last word ends with the quote that closes it, so that nothing follows."""
        return not self.quote and self.raw.endswith(("'", '"')) and not self.raw.endswith(("\\'", '\\"'))


@dataclass(frozen=True, slots=True)
class Offer:
    """What the last word may become.

    Attributes:
        words: Whole words, without quotes.
        files: Whether files may stand there too.
    """

    words: tuple[str, ...] = ()
    files: bool = False


def read(text: str) -> Line:
    """The words of a line, taken apart as a POSIX shell does; what follows a `|` or `;` is a line of its own."""
    words: list[str] = []
    current, quote, begun, started = "", "", 0, False
    at = 0
    while at < len(text):
        character = text[at]
        if quote == "'" or (quote and character not in '"\\'):
            current, quote = (current, "") if character == quote else (current + character, quote)
        elif character == "\\":
            at += 1
            current += ("\\" if quote and text[at : at + 1] not in _ESCAPED_IN_DOUBLE_QUOTES else "") + text[
                at : at + 1
            ]
            begun, started = begun if started else at - 1, True
        elif character in "'\"":
            begun, started = begun if started else at, True
            quote = "" if quote else character
        elif character in " \t\n|;&":
            words = [*words, current] if started else words
            words = [] if character in "|;&" else words
            current, started = "", False
        else:
            begun, started = begun if started else at, True
            current += character
        at += 1
    return Line(tuple(words), current, quote, text[begun:] if started else "")


def offer(line: Line) -> Offer:
    """What the last word may become; nothing where a source cannot be read, since nobody can be told."""
    try:
        return _offer(line)
    except (SmsearchError, OSError, ValueError):
        return Offer(files=True)


def _offer(line: Line) -> Offer:
    if line.is_closed:
        return Offer()
    if len(line.words) <= 1 or (line.last.startswith("-") and not line.quote):
        return Offer(_of_click(line))
    verb, given = line.words[1], line.words[2:]
    option = given[-1] if given and _takes_the_next(given[-1]) else ""
    resource = _value_of(given, ("-r", "--resource"))
    sources, others = _sources(given)
    match option:
        case "-r" | "--resource":
            return Offer(_resources(line.last))
        case "-c" | "--columns":
            return Offer(_columns(sources, resource, line.last))
        case "-w" | "--where":
            return Offer(_query(sources, resource, line))
        case "-o" | "--output":
            return Offer(files=True)
        case "":
            return _argument(verb, sources, resource, others, line)
    return Offer(_of_click(line))


def _takes_the_next(word: str) -> bool:
    """Whether a word is an option whose value is the word after it."""
    is_whole = word.startswith("--") and "=" in word
    return word.startswith("-") and word not in WITHOUT_VALUE and not is_whole


def _argument(verb: str, sources: Sequence[str], resource: str | None, others: Sequence[str], line: Line) -> Offer:
    """What an argument may be: a file while no query and no name stands there, and a query or a name after a source."""
    files = not others and " " not in line.last
    if verb in ASKS_A_QUERY and sources and not others:
        return Offer(_query(sources, resource, line), files)
    if verb == "values" and sources and len(others) == 1:
        from smsearch.cli.completion.candidates import known

        return Offer(tuple(known(sources, resource).values(others[0], line.last)))
    if verb in ASKS_NAMES and sources and not (others and verb == "schema"):
        return Offer(_names(sources, resource, line.last), files)
    return Offer(files=files)


def _of_click(line: Line) -> tuple[str, ...]:
    """Verbs, options and their choices, as click completes them."""
    from click.shell_completion import ShellComplete

    from smsearch.cli.group import command

    completer = ShellComplete(command, {}, "smsearch", "_SMSEARCH_COMPLETE")
    found = completer.get_completions(list(line.words[1:]), line.last)
    return tuple(item.value for item in found if item.type == "plain")


def _value_of(given: Sequence[str], names: Sequence[str]) -> str | None:
    found = [value for option, value in pairwise(given) if option in names]
    found += [value for option, equals, value in (word.partition("=") for word in given) if equals and option in names]
    if not found:
        return None
    from smsearch.schema import catalogue

    return catalogue.called(found[-1], catalogue.searchable())


def _sources(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """The arguments that are sources, or those of SMSEARCH_DATA, and the other arguments."""
    from smsearch.cli.environment import from_environment

    values = {at + 1 for at, word in enumerate(given) if _takes_the_next(word)}
    arguments = [word for at, word in enumerate(given) if not word.startswith("-") and at not in values]
    sources = [word for word in arguments if os.path.lexists(os.path.expanduser(word))]  # noqa: PTH111 - a word, no path yet
    others = [word for word in arguments if word not in sources]
    return [os.path.expanduser(word) for word in sources] or list(from_environment()), others  # noqa: PTH111


def _resources(prefix: str) -> tuple[str, ...]:
    from smsearch.schema.catalogue import searchable

    return tuple(name for name in searchable() if name.lower().startswith(prefix.lower()))


def _names(sources: Sequence[str], resource: str | None, prefix: str) -> tuple[str, ...]:
    from smsearch.cli.completion.candidates import known

    return tuple(_by_segment(known(sources, resource).names(), prefix))


def _columns(sources: Sequence[str], resource: str | None, written: str) -> tuple[str, ...]:
    before, comma, last = written.rpartition(",")
    return tuple(f"{before}{comma}{name}" for name in _names(sources, resource, last))


def _by_segment(names: Sequence[str], prefix: str) -> list[str]:
    """The names that begin with a prefix, in any case, as far as their next dot where several go on from there."""
    found: dict[str, list[str]] = {}
    for name in names:
        if name.lower().startswith(prefix.lower()):
            head, dot, _ = name[len(prefix) :].partition(".")
            found.setdefault(name[: len(prefix)] + head + dot, []).append(name)
    stems = [members[0] if len(members) == 1 else stem for stem, members in found.items()]
    return _by_segment(names, stems[0]) if len(stems) == 1 and stems[0].endswith(".") and stems[0] != prefix else stems


def _query(sources: Sequence[str], resource: str | None, line: Line) -> tuple[str, ...]:
    """The query with what may stand at its end."""
    from smsearch.cli.completion import query
    from smsearch.cli.completion.candidates import known
    from smsearch.cli.completion.query import Wanted

    if line.last.startswith(("{", "@")):
        return ()
    end = query.end_of(line.last)
    begun, written = line.last[: end.start], line.last[end.start :]
    match end.wanted:
        case Wanted.NAME:
            found = [_in_query(name) for name in _names_inside(known(sources, resource).names(), end.name, written)]
            if len(found) == 1 and line.quote:  # bash would close the quote behind a single answer
                found = [f"{found[0]} {operator}" for operator in query.OPERATORS]
        case Wanted.VALUE:
            quote = written[:1] if written[:1] in {"'", '"'} and written else ""
            plain = written[1:].replace(quote * 2, quote) if quote else written
            values = known(sources, resource).values(_unquoted(end.name), plain)
            found = [_literal(value, quote, line.quote) for value in values]
        case Wanted.RESOURCE:
            found = list(_resources(written))
        case Wanted.OPERATOR:
            found = list(query.OPERATORS)
        case Wanted.AFTER_VALUE:
            found = list(query.AFTER_VALUE)
        case Wanted.AFTER_ORDER:
            found = list(query.AFTER_ORDER)
        case _:
            found = []
    is_word = end.wanted in {Wanted.OPERATOR, Wanted.AFTER_VALUE, Wanted.AFTER_ORDER}
    return tuple(begun + one for one in found if not is_word or one.startswith(written.upper()))


def _names_inside(names: Sequence[str], container: str, written: str) -> list[str]:
    """The names that begin as written is; between a list's brackets those of its elements, without the list's."""
    plain = written.replace('"', "")
    if not container:
        return _by_segment(names, plain)
    prefix = f"{container}."
    inner = [name[len(prefix) :] for name in names if name.lower().startswith(prefix.lower())]
    return _by_segment(inner, plain)


def _in_query(name: str) -> str:
    """A name as a query spells it: a segment with a blank or the like stands in quotes."""
    head, dot, rest = name.partition(".")
    escaped = rest.replace('"', '""')
    return name if _is_plain(rest) else f'{head}{dot}"{escaped}"'


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
