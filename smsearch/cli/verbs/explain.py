"""`smsearch explain`: how a query is understood, planned and answered."""

from __future__ import annotations

import sys

from smsearch.cli import exit_codes, query_warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.options import EngineVerb, PricedVerb, QueryingVerb
from smsearch.cli.verb import positionals


class ExplainVerb(QueryingVerb, PricedVerb, EngineVerb):
    """Prints the expression with aliases expanded, the limits it uses, the plan, and the rows it touched."""

    examples = (
        'explain data/exports "team = nlp AND duration > 2h"',
        'explain data/exports "Tags.team = nlp AND name NOT CONTAINS bert"',
        'explain data/exports "status = Failed ORDER BY created DESC LIMIT 5"',
    )

    arguments: tuple[str, ...] = positionals("SOURCE... [QUERY]")

    def run(self) -> int:
        """Explains the query."""
        sources, text = sources_and_query(self.arguments)
        query = self.query(text)
        result = query.result(self.open(sources).searcher)
        query_warnings.warn(result, query, self.stderr)
        sys.stdout.write(result.explain() + "\n")
        return exit_codes.DONE
