"""`smsearch count`: how many records match, as one number."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from smsearch.cli import exit_codes, terminal
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.options import EngineVerb, PricedVerb, QueryingVerb, exit_status_option
from smsearch.cli.verb import positionals

if TYPE_CHECKING:
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.result import Result


class CountVerb(QueryingVerb, PricedVerb, EngineVerb):
    """Prints how many records match: as many as `search -f names` would print; of a QUERY with GROUP BY, its table."""

    examples = (
        'count data/exports "status = Failed AND end_time - created > 2h"',
        "count data/exports \"name LIKE 'vision%' AND FailureReason ILIKE '%memory%'\"",
        'count data/exports "status = Failed GROUP BY FailureReason"',
    )

    arguments: tuple[str, ...] = positionals("SOURCE... [QUERY]")
    exit_status: bool = exit_status_option()

    def run(self) -> int:
        """Counts the matches; of none, writes why."""
        sources, text = sources_and_query(self.arguments)
        query = self.query(text)
        opened = self.open(sources)
        result = query.result(opened.searcher)
        if result.query.grouping is not None:
            return self._write_groups(result, query) or opened.exit_code
        self.warn(result, query)
        total = len(result)
        sys.stdout.write(f"{total}\n")
        if not total:
            from smsearch.cli import diagnosis  # most queries match something

            diagnosis.write(result, self.stderr)
        return exit_codes.NOTHING_FOUND if self.exit_status and not total else opened.exit_code

    def _write_groups(self, result: Result, query: QueryArgument) -> int:
        """Writes the table of groups; the exit code for none, where it is asked for."""
        from smsearch.cli import grouped

        table = result.groups()
        self.warn(result, query, grouped.names_of(result))
        from smsearch.writers import groups
        from smsearch.writers.answer import Answer

        groups.write(sys.stdout.buffer, "table", table, Answer((), width=terminal.width()))
        grouped.tell(table, self.stderr)
        return exit_codes.NOTHING_FOUND if self.exit_status and not len(table) else exit_codes.DONE
