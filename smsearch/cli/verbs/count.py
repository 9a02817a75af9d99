"""`smsearch count`: how many records match, as one number."""

from __future__ import annotations

import sys

from smsearch.cli import exit_codes, query_warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.options import EngineVerb, QueryingVerb, exit_status_option
from smsearch.cli.verb import positionals


class CountVerb(QueryingVerb, EngineVerb):
    """Prints how many records match: as many as `search -f names` would print."""

    arguments: tuple[str, ...] = positionals("SOURCE... [QUERY]")
    exit_status: bool = exit_status_option()

    def run(self) -> int:
        """Counts the matches; of none, writes why."""
        sources, text = sources_and_query(self.arguments)
        query = self.query(text)
        opened = self.open(sources)
        result = query.result(opened.searcher)
        query_warnings.warn(result, query, self.stderr)
        total = len(result)
        sys.stdout.write(f"{total}\n")
        if not total:
            from smsearch.cli import diagnosis  # most queries match something

            diagnosis.write(result, self.stderr)
        return exit_codes.NOTHING_FOUND if self.exit_status and not total else opened.exit_code
