"""`smsearch check`: whether a store is as it was written, and exports can be read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsearch.archive.manifest import is_archive
from smsearch.cli import exit_codes, options
from smsearch.cli.arguments import one_source
from smsearch.cli.open_sources import open_sources
from smsearch.cli.standard_error import StandardError
from smsearch.store.manifest import is_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command("check", short_help="Verify a store or an archive, or that exports can be read.")
@click.argument("given", required=False, metavar="SOURCE")
@click.option("--deep", is_flag=True, help="Read each document of a store again, and compare every column with it.")
@options.reading
@click.pass_context
def command(context: click.Context, *, given: str | None, deep: bool, quiet: bool, report: str | None) -> None:
    """Verifies every checksum and structure of a store, every file of an archive; reads exports and reports.

    With --deep, columns are compared with the documents that they were made of, which takes as long as indexing them.
    """
    source = one_source(given)
    if deep and not is_store(Path(source)):
        raise click.UsageError("--deep is for a store")
    if not is_store(Path(source)) and not is_archive(Path(source)):
        reading = open_sources([source], StandardError(quiet), report or (None if quiet else "text"))
        context.exit(reading.exit_code)
    problems = 0
    for problem in _problems(Path(source), deep=deep):
        problems += 1
        sys.stdout.write(f"{problem}\n")
    if not problems and not quiet:
        sys.stdout.write("ok\n")
    context.exit(exit_codes.DATA if problems else exit_codes.DONE)


def _problems(folder: Path, *, deep: bool) -> Iterator[str]:
    """What is wrong with a store or an archive; what they need is loaded only for those who have one."""
    if is_archive(folder):
        from smsearch.ingest.check_archive import check as check_archive

        return check_archive(folder)
    if deep:
        from smsearch.ingest.recheck import recheck

        return recheck(folder)
    from smsearch.store.check import check

    return check(folder)
