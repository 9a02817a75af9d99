"""Makes click's commands from the declarations of the verbs, and runs them.

A verb's module is imported when the verb is used; the help and the completion of verbs need none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smsearch.cli import invocation, verbs
from smsearch.cli.about import EXAMPLES, version_line
from smsearch.cli.exit_codes import DONE, USAGE
from smsearch.cli.help_text import ABOUT, LANGUAGE, VERSION_HELP
from smsearch.cli.slips import missing_verb, option_hint
from smsearch.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smsearch.cli.verb import Verb, VerbParameter


class VerbGroup(click.Group):
    """A group whose verbs are imported one by one, and whose errors `run_guarded` reports."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order of the help."""
        return list(verbs.VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The verb of a name, or None."""
        verb = verbs.load(cmd_name)
        return None if verb is None else click_command(cmd_name, verb)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Writes the list of verbs, and imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(verbs.VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb and its arguments; for a source or a query in its place, an error with the verb that is missing."""
        meant = missing_verb(args) if args[0] not in verbs.VERBS else ""
        if meant:
            raise click.UsageError(meant, ctx)
        return super().resolve_command(ctx, args)

    def run(self, arguments: Sequence[str]) -> int:
        """Runs the command and returns the exit code; reports click's own errors and raises all others."""
        try:
            with self.make_context("smsearch", list(arguments)) as context:
                self.invoke(context)
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.NoSuchOption as error:
            hint = option_hint(error.option_name)
            plain = click.NoSuchOption(error.option_name, ctx=error.ctx)  # the nearest spelling is not what was meant
            return _refused(plain if hint else error, hint)
        except click.UsageError as error:
            return _refused(error)
        except click.ClickException as error:
            click.echo(f"error: {error.format_message()}", err=True)
            return error.exit_code
        return DONE


def _refused(error: click.UsageError, hint: str = "") -> int:
    """Reports a wrong command line, with where its help is unless there is a better hint."""
    where = error.ctx.command_path if error.ctx else "smsearch"
    invocation.write_usage_error(error.format_message(), hint or f"see `{where} --help`")
    return USAGE


def click_command(name: str, verb: type[Verb]) -> click.Command:
    """The command that runs a verb with the values of its parameters."""

    def invoke(**values: object) -> None:
        click.get_current_context().exit(invocation.invoke(name, verb, values))

    parameters = [_click_parameter(field, parameter) for field, parameter in verb.declared().items()]
    return click.Command(
        name,
        callback=invoke,
        params=parameters,
        help=verb.__doc__,
        epilog=_epilog(verb),
        short_help=verbs.VERBS[name],
    )


def _epilog(verb: type[Verb]) -> str:
    """The examples of a verb, which click leaves in lines, and where the language of queries is described."""
    lines = "\n".join(("\b", "Examples:", *(f"  smsearch {example}" for example in verb.examples)))
    takes_query = any("QUERY" in parameter.placeholder for parameter in verb.declared().values())
    return f"{lines}\n\n{LANGUAGE}" if takes_query else lines


def _click_parameter(field: str, parameter: VerbParameter) -> click.Parameter:
    if parameter.is_flag:
        return click.Option([*parameter.names, field], is_flag=True, help=parameter.help_text)
    choices = parameter.choices
    kind = click.Choice(choices) if isinstance(choices, tuple) and choices else _type(parameter)
    if not parameter.names:
        metavar = None if choices else parameter.placeholder
        count = -1 if parameter.is_repeated else 1
        return click.Argument([field], nargs=count, required=parameter.is_required, type=kind, metavar=metavar)
    # to click since 8.3 a default of None is a value, with which a required option need not be given
    default: dict[str, Any] = {} if parameter.default in {None, ()} else {"default": parameter.default}
    return click.Option(
        [*parameter.names, field],
        type=kind,
        metavar=parameter.placeholder or None,
        multiple=parameter.is_repeated,
        required=parameter.is_required,
        **default,
        show_default=parameter.default not in {None, ()},
        help=parameter.help_text,
    )


def _type(parameter: VerbParameter) -> Callable[[str], object]:
    """Reads a value for click."""
    convert = parameter.convert or str

    def read(text: str) -> object:
        try:
            return convert(text)
        except UsageError as error:
            raise click.BadParameter(str(error)) from None

    return read


def _write_version(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if value:
        click.echo(version_line())
        context.exit()


@click.command(
    cls=VerbGroup,
    help=ABOUT,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"\b\nExamples:\n{EXAMPLES}\n\n{LANGUAGE}",
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_write_version,
    help=VERSION_HELP,
)
def command() -> None:
    """Runs a verb."""
