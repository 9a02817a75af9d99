"""What may stand at the cursor of a command line: fixed words, and names and values of the sources.

The declaration of a verb says what follows a word (`verb.py`): its placeholder is looked up in `_BY_PLACEHOLDER`. A
placeholder that is not there has fixed values or none (`fixed_words.py`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from smsearch.cli import verbs
from smsearch.cli.completion import fixed_words
from smsearch.errors import SmsearchError
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smsearch.cli.completion.candidates import Candidates
    from smsearch.cli.completion.line import Line
    from smsearch.cli.verb import Verb, VerbParameter


@frozen
class Completions:
    """What the last word may become.

    Attributes:
        words: Whole words, without quotes.
        files: Whether files may stand there too.
    """

    words: tuple[str, ...] = ()
    files: bool = False


def complete(line: Line) -> Completions:
    """What the last word may become; files alone where a source cannot be read, since no message can be shown."""
    try:
        return _complete(line)
    except (SmsearchError, OSError, ValueError):
        return Completions(files=True)


def _complete(line: Line) -> Completions:
    if line.is_closed:
        return Completions()
    if len(line.words) <= 1:
        return Completions(fixed_words.first_words(line.last))
    verb = verbs.load(line.words[1])
    is_option = line.last.startswith("-") and not line.quote
    if verb is None:
        return Completions(files=not is_option)
    if is_option:
        return Completions(fixed_words.options(verb, line.words[2:], line.last))
    before = _Before.of(verb, line.words[2:])
    if before.option is not None:
        return _of_option(before, before.option, line)
    return _of_argument(verb, before, line)


class _Before:
    """The words between the verb and the cursor.

    Attributes:
        values: The last value of each option that has one, by the option's longest name.
        sources: The arguments that exist as files or folders; without any, those of SMSEARCH_DATA.
        others: The other arguments.
        option: The option whose value the last word is, or None.
    """

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.sources: list[str] = []
        self.others: list[str] = []
        self.option: VerbParameter | None = None

    @classmethod
    def of(cls, verb: type[Verb], words: Sequence[str]) -> _Before:
        """Tells options, sources and other arguments apart."""
        from smsearch.cli.environment import from_environment

        before = cls()
        by_name = {name: parameter for parameter in verb.declared().values() for name in parameter.names}
        for word in words:
            if before.option is not None:
                before.values[before.option.names[-1]] = word
                before.option = None
            elif word.startswith("-") and word != "-":
                name, equals, value = word.partition("=")
                option = by_name.get(name)
                if option is not None and equals:
                    before.values[option.names[-1]] = value
                elif option is not None and not option.is_flag:
                    before.option = option
            else:
                path = os.path.expanduser(word)  # noqa: PTH111 - a word, no path yet
                is_source = word == "-" or os.path.lexists(path)
                (before.sources if is_source else before.others).append(path if is_source else word)
        before.sources = before.sources or list(from_environment())
        return before

    def candidates(self) -> Candidates:
        """The names and values of the sources."""
        from smsearch.cli.completion.candidates import candidates
        from smsearch.schema import catalogue

        resource = self.values.get("--resource")
        kind = resource and catalogue.called(resource, catalogue.kinds())
        return candidates(self.sources, kind, self.values.get("--prices"))


def _of_option(before: _Before, option: VerbParameter, line: Line) -> Completions:
    completer = _BY_PLACEHOLDER.get(option.placeholder)
    return Completions(fixed_words.values(option, line.last)) if completer is None else completer(before, line)


def _of_argument(verb: type[Verb], before: _Before, line: Line) -> Completions:
    """Files, as long as only sources stand before; and, after a source, what the argument's placeholder names."""
    arguments = [one for one in verb.declared().values() if not one.names]
    words = [word for one in arguments for word in one.placeholder.split()]
    places = [word for word in words if "SOURCE" not in word]
    files = Completions(files=not before.others and " " not in line.last)
    takes_sources = len(places) < len(words)
    at = min(len(before.others), len(places) - 1) if places and places[-1].endswith("...") else len(before.others)
    if at >= len(places) or (takes_sources and not before.sources):
        return files
    placeholder = places[at].strip("[].")
    completer = _BY_PLACEHOLDER.get(placeholder)
    fixed = tuple(word for one in arguments for word in fixed_words.values(one, line.last))
    words_there = Completions(fixed) if completer is None else completer(before, line)
    return Completions(words_there.words, files=takes_sources and files.files)


def _query(before: _Before, line: Line) -> Completions:
    from smsearch.cli.completion.query_words import query_words

    return Completions(query_words(before.candidates(), line))


def _columns(before: _Before, line: Line) -> Completions:
    from smsearch.cli.completion.query_words import by_segment

    earlier, comma, last = line.last.rpartition(",")
    return Completions(tuple(f"{earlier}{comma}{name}" for name in by_segment(before.candidates().names(), last)))


def _property(before: _Before, line: Line) -> Completions:
    from smsearch.cli.completion.query_words import by_segment

    return Completions(tuple(by_segment(before.candidates().names(), line.last)))


def _record(before: _Before, line: Line) -> Completions:
    return Completions(tuple(before.candidates().record_names(line.last)))


def _value(before: _Before, line: Line) -> Completions:
    return Completions(tuple(before.candidates().values(before.others[0], line.last)))


def _file(_before: _Before, _line: Line) -> Completions:
    return Completions(files=True)


_BY_PLACEHOLDER: Final[Mapping[str, Callable[[_Before, Line], Completions]]] = {
    "QUERY": _query,
    "NAMES": _columns,
    "PROPERTY": _property,
    "PREFIX": _value,
    "RECORD": _record,
    "A": _record,
    "B": _record,
    "FILE": _file,
    "STORE": _file,
    "DIR": _file,
    "FOLDER": _file,
}
"""What completes a value: `PREFIX` is that of a value of the first property on the line."""
