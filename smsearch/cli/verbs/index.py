"""`smsearch index`: exports become a store, or are added to one."""

from __future__ import annotations

from smsearch.cli import exit_codes
from smsearch.cli.arguments import needed, output_folder
from smsearch.cli.options import ReadingVerb
from smsearch.cli.verb import flag, option, positionals


class IndexVerb(ReadingVerb):
    """Reads every SOURCE and writes STORE, which answers the same queries in microseconds.

    Without --add, what STORE held before is replaced, at once and only when the new store is whole.
    """

    examples = (
        "index data/exports -o jobs.store",
        "index data/exports -o jobs.store --add",
        "index data/exports -o jobs.store --report json",
    )

    sources: tuple[str, ...] = positionals("SOURCE...")
    output: str = option("-o --output STORE", "The store's folder; it is made if it does not exist.", is_required=True)
    add: bool = flag("--add", "Keep what the store holds; newer records replace older ones.")
    compress: bool = flag("--compress", "Compress documents: half the size, and 0.2 ms more a page of 100.")

    def run(self) -> int:
        """Builds the store."""
        from smsearch.cli.progress import Bar
        from smsearch.ingest.build import build

        sources, folder = needed(self.sources), output_folder(self.output)
        with Bar(is_shown=self.shows_progress) as bar:
            report = build(sources, folder, add=self.add, compress=self.compress, progress=bar, written=bar.written)
        self.write_report(report)
        return exit_codes.IN_PART if report.skipped else exit_codes.DONE
