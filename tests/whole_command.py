"""The command as click's own runner takes one, with everything that the process does once its streams are ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from smsearch.cli.failures import run_guarded
from smsearch.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Sequence


class WholeCommand(click.Command):
    """Reads its arguments as the process does: with click or without."""

    def main(self, args: Sequence[str] | None = None, **_: Any) -> NoReturn:  # type: ignore[override]  # noqa: ANN401
        """Runs the command, and ends with its exit code."""
        arguments = list(args or ())
        raise SystemExit(run_guarded(lambda: run(arguments), debug="--debug" in arguments))


COMMAND = WholeCommand("smsearch")
