"""`smsearch facet`: the values of properties among the matches of a query, counted and drawn."""

from __future__ import annotations

from typing import Final

from smsearch.cli import query_warnings
from smsearch.cli.arguments import comma_separated, sources_and_names
from smsearch.cli.options import (
    DelimitedVerb,
    DrawingVerb,
    EngineVerb,
    LimitedVerb,
    PricedVerb,
    QueryingVerb,
    format_option,
)
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import option, positionals
from smsearch.messages import counted

FORMATS: Final = ("table", "jsonl", "json", "csv", "tsv", "md")
TABLE_ROWS: Final = 20
"""Values in a table where neither a limit nor `--all` is given."""


class FacetVerb(QueryingVerb, LimitedVerb, DelimitedVerb, DrawingVerb, PricedVerb, EngineVerb):
    """Counts the values of each PROPERTY: how many records have each, and how many have any.

    Sources are the arguments at the front that exist as files, folders or globs; the others are properties.
    Many different numbers are drawn as a histogram, times by periods of the calendar; of a family or a
    structure (Tags, Metrics, ResourceConfig) the names in it are counted. The QUERY's LIMIT is ignored.
    A table shows 20 values of each property.
    """

    examples = (
        "facet data/exports status instance_type",
        'facet data/exports FailureReason -w "status = Failed AND team = nlp"',
        "facet data/exports BillableTimeInSeconds created",
    )

    arguments: tuple[str, ...] = positionals("SOURCE... PROPERTY...")
    where: str | None = option("-w --where QUERY", "Count among the records that match the QUERY only.")
    format_name: str | None = format_option(FORMATS, "a table on a terminal, else jsonl")

    def run(self) -> int:
        """Counts and writes."""
        form = self.format_of(self.format_name, FORMATS).name
        limit = self.limit_in(form, TABLE_ROWS)
        self.refuse_csv_safe(form)
        sources, arguments = sources_and_names(self.arguments)
        names = comma_separated(arguments)
        if not names:
            raise UsageError("no name: say which property")
        query = self.query(self.where)
        query.refuse_page()
        opened = self.open(sources)
        result = query.result(opened.searcher)
        if result.query.limit is not None:
            self.stderr.note("note: a facet counts every match, so the LIMIT was not heeded")
        facets = [result.facet(name, limit) for name in names]
        query_warnings.warn(result, query, self.stderr, names)
        from smsearch.writers.answer import Answer
        from smsearch.writers.facets import write

        look = Answer((), is_colored=self.is_colored, width=self.table_width, is_csv_safe=self.csv_safe)
        with self.open_output_in(form) as stream:
            write(stream, form, facets, look)
        for facet in facets if form in {"csv", "tsv"} else ():
            if facet.more:
                self.stderr.note(f"{counted(facet.more, 'more value')} of {facet.name}: use -n or --all")
        return opened.exit_code
