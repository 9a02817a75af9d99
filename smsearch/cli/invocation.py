"""Runs a verb with the values of its parameters, whoever has read them. It knows no verb, and no click."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from smsearch.cli.exit_codes import USAGE
from smsearch.cli.failures import write_error
from smsearch.cli.usage import UsageError
from smsearch.errors import SmsearchWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsearch.cli.verb import Verb

_ENDINGS: Final = ExitStack()


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
