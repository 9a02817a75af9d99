"""`smsearch archive`: exports and stores become an archive for a cluster, or are added to one."""

from __future__ import annotations

from smsearch.cli import exit_codes
from smsearch.cli.arguments import needed, output_folder
from smsearch.cli.options import ReadingVerb
from smsearch.cli.verb import flag, option, positionals


class ArchiveVerb(ReadingVerb):
    """Reads every SOURCE and writes DIR, Parquet files that --engine spark searches.

    Without --add, what DIR held before is replaced, at once and only when the new archive is whole.
    """

    examples = (
        "archive data/exports -o jobs.archive",
        "archive data/exports -o jobs.archive --add",
        "archive jobs.store -o jobs.archive",
    )

    sources: tuple[str, ...] = positionals("SOURCE...")
    output: str = option("-o --output DIR", "The archive's folder; it is made if it does not exist.", is_required=True)
    add: bool = flag("--add", "Keep what the archive holds; newer records replace older ones.")

    def run(self) -> int:
        """Builds the archive."""
        from smsearch.cli.progress import Bar
        from smsearch.ingest.archive import build

        sources, folder = needed(self.sources), output_folder(self.output)
        with Bar(is_shown=self.shows_progress) as bar:
            report = build(sources, folder, add=self.add, progress=bar)
        self.write_report(report)
        return exit_codes.IN_PART if report.skipped else exit_codes.DONE
