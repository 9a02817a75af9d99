"""The command as click's own runner takes one, with everything that the process does once its streams are ready."""

from __future__ import annotations

import sys
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click
from click.testing import CliRunner

from smsearch.cli.failures import run_guarded
from smsearch.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result


class WholeCommand(click.Command):
    """Reads its arguments as the process does: with click or without."""

    def main(self, args: Sequence[str] | None = None, **_: Any) -> NoReturn:  # type: ignore[override]  # noqa: ANN401
        """Runs the command, and ends with its exit code."""
        arguments = list(args or ())
        exit_code = run_guarded(lambda: run(arguments), debug="--debug" in arguments)
        sys.stderr.flush()  # before 8.2 click's runner reads what has been flushed of it
        raise SystemExit(exit_code)


_COMMAND: Final = WholeCommand("smsearch")
_APART: Final[dict[str, Any]] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
"""Keeps standard error apart from standard output, as click always does since 8.2."""


def invoke(arguments: Sequence[str], *, stdin: bytes | None = None, env: dict[str, str] | None = None) -> Result:
    """Runs the command in this process."""
    return CliRunner(**_APART).invoke(_COMMAND, arguments, input=stdin, env=env)
