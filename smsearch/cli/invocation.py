"""Runs the command: a verb with the values of its parameters, read with click or without.

Click is loaded where the arguments are not plain. This module knows no verb.
"""

from __future__ import annotations

import sys
import warnings
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from smsearch.cli import plain_arguments
from smsearch.cli.exit_codes import DONE, USAGE
from smsearch.cli.failures import write_error
from smsearch.cli.usage import UsageError
from smsearch.errors import SmsearchWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smsearch.cli.verb import Verb

_ENDINGS: Final = ExitStack()
_OF_ITSELF: Final = (["-V"], ["--version"])


def run(arguments: Sequence[str]) -> int:
    """Runs the command and returns the exit code; reports a wrong command line and raises all other errors."""
    if not arguments or list(arguments) in _OF_ITSELF:
        from smsearch.cli import about

        sys.stdout.write(f"{about.version_line() if arguments else about.SHORT_HELP}\n")
        return DONE
    plain = plain_arguments.read(arguments)
    if plain is not None:
        return invoke(plain.name, plain.verb, plain.values)
    from smsearch.cli.group import command

    return command.run(arguments)


def invoke(name: str, verb: type[Verb], values: Mapping[str, Any]) -> int:
    """Runs a verb and returns the exit code; reports arguments that are missing, wrong, or contradict one another."""
    try:
        with _ENDINGS, warnings.catch_warnings():
            warnings.simplefilter("ignore", SmsearchWarning)  # verbs write them themselves
            return verb(**values).run()
    except UsageError as error:
        write_usage_error(str(error), f"see `smsearch {name} --help`")
        return USAGE


def at_end(action: Callable[[], object]) -> None:
    """Does something when the verb has ended, with success or not."""
    _ENDINGS.callback(action)


def write_usage_error(message: str, hint: str) -> None:
    """Reports a wrong command line."""
    write_error(f"error: {message}\nhint: {hint}")
