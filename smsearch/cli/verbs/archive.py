"""`smsearch archive`: exports and stores become an archive for a cluster, or are added to one."""

from __future__ import annotations

from pathlib import Path

import click

from smsearch.cli import exit_codes, options
from smsearch.cli.environment import from_environment
from smsearch.cli.open_sources import tell
from smsearch.cli.progress import Bar
from smsearch.cli.standard_error import StandardError


@click.command("archive", short_help="Make an archive for a cluster, or add to one.")
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "-o", "--output", "folder", required=True, metavar="DIR", help="The archive's folder; made if it is not there."
)
@click.option("--add", is_flag=True, help="Keep what the archive holds; newer records replace older ones.")
@options.reading
@click.pass_context
def command(
    context: click.Context, *, sources: tuple[str, ...], folder: str, add: bool, quiet: bool, report: str | None
) -> None:
    """Reads every SOURCE and writes DIR, Parquet files that --engine spark searches.

    Without --add, what DIR held before is replaced, at once and only when the new archive is whole.
    """
    from smsearch.ingest.archive import build  # Arrow is loaded only for those who build

    stderr = StandardError(quiet)
    named = sources or from_environment()
    if not named:
        raise click.UsageError("no source: name a store, or exports, or set SMSEARCH_DATA")
    with Bar(is_shown=stderr.is_on_terminal and not stderr.is_quiet) as bar:
        done = build(named, Path(folder), add=add, progress=bar)
    tell(done, stderr, report or (None if quiet else "text"))
    context.exit(exit_codes.IN_PART if done.skipped else exit_codes.DONE)
