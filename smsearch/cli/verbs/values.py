"""`smsearch values`: every value that a property has, in order."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from smsearch.cli import query_warnings
from smsearch.cli.arguments import sources_and_names
from smsearch.cli.options import DelimitedVerb, EngineVerb, LimitedVerb, PricedVerb, format_option, resource_option
from smsearch.cli.verb import positionals
from smsearch.messages import counted
from smsearch.syntax.text.lexer import read_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.engine.value_counts import Scalar

FORMATS: Final = ("table", "jsonl", "json", "csv", "tsv", "md", "names")
TABLE_ROWS: Final = 50
"""Values in a table where neither a limit nor `--all` is given."""
_NAME_AND_PREFIX: Final = 2


class ValuesVerb(LimitedVerb, DelimitedVerb, PricedVerb, EngineVerb):
    """Lists the different values of the PROPERTY, sorted, with how many records have each.

    PREFIX, in which case counts, keeps the values that begin with it. Of a family or a structure (Tags,
    Metrics) the names in it are listed. A table shows 50 values.
    """

    examples = (
        "values data/exports Tags.team",
        "values data/exports FailureReason Internal",
        "values data/exports HyperParameters -f names",
    )

    arguments: tuple[str, ...] = positionals("SOURCE... PROPERTY [PREFIX]")
    resource: str | None = resource_option()
    format_name: str | None = format_option(FORMATS, "a table on a terminal, else jsonl")

    def run(self) -> int:
        """Lists the values."""
        from smsearch.facets.wording import text_of
        from smsearch.writers.answer import Answer
        from smsearch.writers.facets import write_values

        form = self.format_of(self.format_name, FORMATS).name
        limit = self.limit_in(form, TABLE_ROWS)
        self.refuse_csv_safe(form)
        sources, (written, *prefixes) = sources_and_names(self.arguments, _NAME_AND_PREFIX)
        name = read_name(written)
        opened = self.open(sources)
        result = opened.searcher.query({}, resource=self.resource)
        prop = result.property(name)
        query_warnings.warn_of_names(result, (name,), self.stderr)
        prefix = prefixes[0] if prefixes else ""
        items: Iterable[tuple[Scalar, int]] = result.value_counts([prop])[0].items(prefix)
        if not prop.kind.has_values:
            items = sorted((str(row.value), row.records) for row in result.facet(name).rows)
        matching = ((value, count) for value, count in items if text_of(value, prop.kind).startswith(prefix))
        shown = list(islice(matching, limit))
        look = Answer((), width=self.table_width, is_csv_safe=self.csv_safe)
        with self.open_output() as stream:
            write_values(stream, form, prop, shown, look)
        if not shown and prefix:
            self.stderr.note(f"no value of {prop.name} begins with {prefix!r}")
        elif not shown and not result.unseen((name,)):
            self.stderr.note(f"no {result.resource} record has {prop.name}")
        more = sum(1 for _ in matching)
        if more:
            self.stderr.note(f"{counted(more, 'more value')}: use -n or --all")
        return opened.exit_code
