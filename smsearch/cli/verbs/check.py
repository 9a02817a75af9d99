"""`smsearch check`: whether a store is as it was written, and exports can be read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smsearch.archive.manifest import is_archive
from smsearch.cli import exit_codes
from smsearch.cli.arguments import one_source
from smsearch.cli.options import ReadingVerb
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import flag, positional
from smsearch.store.manifest import is_store

if TYPE_CHECKING:
    from collections.abc import Iterator


class CheckVerb(ReadingVerb):
    """Verifies every checksum and structure of a store, every file of an archive; reads exports and reports.

    With --deep, columns are compared with the documents that they were made of, which takes as long as indexing them.
    """

    examples = (
        "check data/exports",
        "check jobs.store --deep",
        "check jobs.archive",
    )

    source: str | None = positional("[SOURCE]")
    deep: bool = flag("--deep", "Read each document of a store again, and compare every column with it.")

    def run(self) -> int:
        """Writes a line for each problem, or `ok`."""
        source = one_source(self.source)
        folder = Path(source)
        if self.deep and not is_store(folder):
            raise UsageError("--deep is for a store")
        if not is_store(folder) and not is_archive(folder):
            from smsearch.cli.open_sources import open_sources

            return open_sources([source], self.stderr, self.whole_report).exit_code
        problems = 0
        for problem in _problems(folder, deep=self.deep):
            problems += 1
            sys.stdout.write(f"{problem}\n")
        if not problems and not self.quiet:
            sys.stdout.write("ok\n")
        return exit_codes.DATA if problems else exit_codes.DONE


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
