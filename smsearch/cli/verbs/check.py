"""`smsearch check`: whether a store is as it was written, and exports can be read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smsearch.cli import main, options
from smsearch.cli.notes import Notes
from smsearch.cli.opening import opened
from smsearch.store.manifest import is_store


@click.command("check", short_help="Verify a store, or that exports can be read.")
@click.argument("source", metavar="SOURCE")
@options.reading
@click.pass_context
def command(context: click.Context, *, source: str, quiet: bool, report: str | None) -> None:
    """Verifies every checksum and every order of a store; of exports, reads them and reports."""
    if not is_store(Path(source)):
        reading = opened([source], Notes(quiet), report or (None if quiet else "text"))
        context.exit(reading.exit_code)
    from smsearch.store.check import check  # NumPy is loaded only for those who have a store

    problems = 0
    for problem in check(Path(source)):
        problems += 1
        sys.stdout.write(f"{problem}\n")
    if not problems and not quiet:
        sys.stdout.write("ok\n")
    context.exit(main.DATA if problems else main.DONE)
