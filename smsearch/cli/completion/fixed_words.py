"""The words of a command line that no source decides: verbs, options, and the fixed values of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.cli import verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.cli.verb import Verb, VerbParameter

HELP: Final = ("-h", "--help")
VERSION: Final = ("-V", "--version")


def first_words(begun: str) -> tuple[str, ...]:
    """The verbs, or the options of the command itself, that begin so."""
    options = (*VERSION, *HELP) if begun.startswith("-") else ()
    return _beginning((*verbs.VERBS, *options), begun)


def options(verb: type[Verb], words: Sequence[str], begun: str) -> tuple[str, ...]:
    """The options of a verb that begin so, without those that are given and may be given once; or of one its values.

    Args:
        verb: The verb.
        words: The words before.
        begun: How the last word begins; with `=` in it, the values after that are offered.
    """
    parameters = [parameter for parameter in verb.declared().values() if parameter.names]
    name, equals, value = begun.partition("=")
    if equals:
        return next((values(one, value) for one in parameters if name in one.names), ())
    given = {word.partition("=")[0] for word in words}
    free = (one for one in parameters if one.is_repeated or given.isdisjoint(one.names))
    return _beginning((*(name for one in free for name in one.names), *HELP), begun)


def values(parameter: VerbParameter, begun: str) -> tuple[str, ...]:
    """The fixed values of a parameter that begin so, in any case where a function says which they are."""
    names = parameter.fixed_names()
    if callable(parameter.choices):
        return tuple(name for name in names if name.lower().startswith(begun.lower()))
    return _beginning(names, begun)


def _beginning(words: Sequence[str], begun: str) -> tuple[str, ...]:
    return tuple(word for word in words if word.startswith(begun))
