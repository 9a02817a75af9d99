"""Reads the arguments of a verb where they are plain, without click, whose loading takes longer than most answers.

Plain are the verb, its arguments, and its options spelled in full with right values, each once. Everything else, help
and whatever is wrong among it, is left to click (`group.py`), which makes of plain arguments what this module makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.cli import verbs
from smsearch.cli.usage import UsageError
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.cli.verb import Verb, VerbParameter


class _LeftToClickError(Exception):
    """Click has to read the arguments."""


@frozen
class PlainArguments:
    """A verb, and the values of those of its parameters that are given."""

    name: str
    verb: type[Verb]
    values: Mapping[str, object]


def read(arguments: Sequence[str]) -> PlainArguments | None:
    """The verb of a command line with its values; None where they are not plain."""
    name, *words = arguments or ("",)
    verb = verbs.load(name)
    if verb is None:
        return None
    declared = verb.declared()
    try:
        options, others = _split(declared, words)
        values = {field: _value(declared[field], texts) for field, texts in options.items()}
        values |= _positionals(declared, others)
    except _LeftToClickError:
        return None
    is_whole = all(field in values for field, parameter in declared.items() if parameter.is_required)
    return PlainArguments(name, verb, values) if is_whole else None


def _split(declared: Mapping[str, VerbParameter], words: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """The texts of each option that is given, none of a flag; and the words that are no options."""
    fields = {spelling: field for field, parameter in declared.items() for spelling in parameter.names}
    options: dict[str, list[str]] = {}
    others = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            others.append(word)
            continue
        spelling, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        field = fields.get(spelling)
        if (
            field is None
            or (declared[field].is_flag and equals)
            or (field in options and not _may_repeat(declared[field]))
        ):
            raise _LeftToClickError
        texts = options.setdefault(field, [])
        if not declared[field].is_flag:
            texts.append(text if equals else next(rest, ""))
    return options, others


def _may_repeat(parameter: VerbParameter) -> bool:
    return parameter.is_flag or parameter.is_repeated


def _value(option: VerbParameter, texts: Sequence[str]) -> object:
    """The value of an option."""
    if option.is_flag:
        return True
    read_texts = tuple(_read(option, text) for text in texts)
    return read_texts if option.is_repeated else read_texts[0]


def _read(parameter: VerbParameter, text: str) -> object:
    """One text of a parameter."""
    if not text or text.startswith("-"):  # a missing value, mostly
        raise _LeftToClickError
    if isinstance(parameter.choices, tuple) and parameter.choices:
        if text not in parameter.choices:
            raise _LeftToClickError
        return text
    try:
        return text if parameter.convert is None else parameter.convert(text)
    except UsageError:
        raise _LeftToClickError from None


def _positionals(declared: Mapping[str, VerbParameter], words: Sequence[str]) -> dict[str, Any]:
    """The value of the verb's one parameter that is no option, if it is given."""
    if not words:
        return {}
    field = next((field for field, parameter in declared.items() if not parameter.names), None)
    if field is None:
        raise _LeftToClickError
    if declared[field].is_repeated:
        return {field: tuple(words)}
    if len(words) > 1:
        raise _LeftToClickError
    return {field: _read(declared[field], words[0])}
