"""`smsearch export`: a dump is fetched from an account, or from another endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from smsearch.cli import exit_codes, options
from smsearch.cli.progress import RecordsBar
from smsearch.cli.standard_error import StandardError
from smsearch.export.folder import SUFFIXES
from smsearch.schema import values

if TYPE_CHECKING:
    from smsearch.export.report import ExportReport


def _since(_context: click.Context, _option: click.Parameter, written: str | None) -> int | None:
    if written is None:
        return None
    micros = values.parse_timestamp(written)
    if micros is None:
        raise click.BadParameter(f"{written!r} is no time; write 2024-01-31 or 2024-01-31T12:00:00Z")
    return micros


@click.command("export", short_help="Fetch a dump from an account or an endpoint.")
@click.option("-o", "--output", "folder", required=True, metavar="FOLDER", help="Where the files go; made if need be.")
@options.kinds
@click.option("--since", callback=_since, metavar="TIME", help="Only what was modified since; UTC without an offset.")
@click.option("--search", "by_search", is_flag=True, help="Take records as Search has them: faster, and less of them.")
@click.option("--endpoint-url", metavar="URL", help="Ask this endpoint instead of the region's.")
@click.option("--region", metavar="REGION", help="Ask this region; left out, the one that is configured.")
@click.option("--profile", metavar="PROFILE", help="Use this profile's credentials.")
@click.option(
    "--suffix", type=click.Choice(SUFFIXES), default=SUFFIXES[0], help="How files end, and so how they are compressed."
)
@click.option("--threads", type=click.IntRange(1, 64), default=8, help="Records fetched at a time; 8 unless said.")
@click.option("--restart", is_flag=True, help="Throw away what an unfinished export has left.")
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - what a person may say, each once
    context: click.Context,
    *,
    folder: str,
    resources: tuple[str, ...],
    since: int | None,
    by_search: bool,
    suffix: str,
    threads: int,
    restart: bool,
    endpoint_url: str | None,
    region: str | None,
    profile: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Lists and describes every record, joins its tags in, and writes a file of JSON lines for each kind.

    What was broken off goes on with the same command. Credentials are those that boto3 finds.
    """
    from smsearch.export import run
    from smsearch.export.endpoint import Address

    stderr = StandardError(quiet)
    wanted = run.Options(Address(endpoint_url, region, profile), resources, since, by_search, suffix, threads, restart)
    with RecordsBar(is_shown=stderr.is_on_terminal and not stderr.is_quiet) as bar:
        done = run.export(Path(folder), wanted, bar if stderr.is_on_terminal and not stderr.is_quiet else None)
    _tell(done, stderr, report or (None if quiet else "text"))
    context.exit(exit_codes.DONE if done.is_complete else exit_codes.IN_PART)


def _tell(report: ExportReport, stderr: StandardError, form: str | None) -> None:
    if form == "json":
        stderr.report(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode())
    elif form == "text":
        stderr.report(report.to_text())
