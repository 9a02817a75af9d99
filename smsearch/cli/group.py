"""The command and its verbs. A verb's module is imported when the verb is run or listed, not before."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from smsearch.cli.exit_codes import USAGE
from smsearch.cli.failures import run_guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERBS: Final[Mapping[str, str]] = {
    "search": "smsearch.cli.verbs.search",
    "count": "smsearch.cli.verbs.count",
    "describe": "smsearch.cli.verbs.describe",
    "diff": "smsearch.cli.verbs.diff",
    "convert": "smsearch.cli.verbs.convert",
    "facet": "smsearch.cli.verbs.facet",
    "values": "smsearch.cli.verbs.values",
    "schema": "smsearch.cli.verbs.schema",
    "explain": "smsearch.cli.verbs.explain",
    "why": "smsearch.cli.verbs.why",
    "index": "smsearch.cli.verbs.index",
    "archive": "smsearch.cli.verbs.archive",
    "info": "smsearch.cli.verbs.info",
    "check": "smsearch.cli.verbs.check",
    "serve": "smsearch.cli.verbs.serve",
    "export": "smsearch.cli.verbs.export",
    "completion": "smsearch.cli.verbs.completion",
}
"""Each module holds its verb as `command`."""


class Verbs(click.Group):
    """A group whose verbs are imported one by one, and whose errors are `run_guarded`'s to tell."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The verb of a name, or None."""
        if cmd_name not in VERBS:
            return None
        found: click.Command = importlib.import_module(VERBS[cmd_name]).command
        return found

    def run(self, arguments: Sequence[str]) -> int:
        """Runs the command; returns the exit code of click's own ends, raises everything else."""
        try:
            with self.make_context("smsearch", list(arguments)) as context:
                self.invoke(context)
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "smsearch"
            click.echo(f"error: {error.format_message()}\nhint: see `{where} --help`", err=True)
            return USAGE
        except click.ClickException as error:
            click.echo(f"error: {error.format_message()}", err=True)
            return error.exit_code
        return 0

    def main(self, args: Sequence[str] | None = None, **_: Any) -> NoReturn:  # type: ignore[override]  # noqa: ANN401
        """What click's own test runner calls: the same as the process does."""
        arguments = list(args or ())
        raise SystemExit(run_guarded(lambda: self.run(arguments), debug="--debug" in arguments))


def _say_version(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    """Not click's own, which looks the version up before anybody asks."""
    if value:
        from smsearch import __version__

        click.echo(f"smsearch {__version__}")
        context.exit()


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show the version and exit.",
)
def command() -> None:
    """SageMaker Search, offline: ask exported records what you would ask the service.

    A SOURCE is a file, folder or glob of exports, or - for standard input; SMSEARCH_DATA names them where
    none is given. The QUERY is text, JSON when it begins with {, or @FILE for either.
    """
