"""`smsearch group`: the matches of a query in groups, counted, and their numbers added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.cli import grouped, query_warnings
from smsearch.cli.arguments import sources_and_names
from smsearch.cli.options import DelimitedVerb, DrawingVerb, EngineVerb, PricedVerb, QueryingVerb, format_option
from smsearch.cli.verb import option, positionals, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


class GroupVerb(QueryingVerb, DelimitedVerb, DrawingVerb, PricedVerb, EngineVerb):
    """Groups the matches by each PROPERTY, and counts the records of each group.

    Sources are the arguments at the front that exist as files, folders or globs; the others are what to
    group by: properties, month(created) or bin(BillableTimeInSeconds, 100). The options add columns to the
    table. The QUERY's LIMIT is ignored. The same in SQL's words: search SOURCE "SELECT team, count(*),
    sum(x) GROUP BY team HAVING count(*) > 5".
    """

    examples = (
        'group data/exports team --sum BillableTimeInSeconds --by "month(created)"',
        'group data/exports instance_type -w "status = Completed" --avg duration --sort "2 DESC"',
        'group data/exports team --best validation:accuracy --having "count(*) > 5"',
    )

    arguments: tuple[str, ...] = positionals("SOURCE... PROPERTY...")
    by: tuple[str, ...] = option("--by PROPERTY", "Group by this as well: month(created).", is_repeated=True)
    where: str | None = option("-w --where QUERY", "Group the records that match the QUERY only.")
    sum: tuple[str, ...] = option("--sum PROPERTY", "The sum of its numbers.", is_repeated=True)
    avg: tuple[str, ...] = option("--avg PROPERTY", "Their mean.", is_repeated=True)
    min: tuple[str, ...] = option("--min PROPERTY", "The smallest.", is_repeated=True)
    max: tuple[str, ...] = option("--max PROPERTY", "The largest.", is_repeated=True)
    median: tuple[str, ...] = option("--median PROPERTY", "The one in the middle.", is_repeated=True)
    stddev: tuple[str, ...] = option("--stddev PROPERTY", "Their standard deviation.", is_repeated=True)
    best: tuple[str, ...] = option("--best PROPERTY", "The largest, and the name of its record.", is_repeated=True)
    worst: tuple[str, ...] = option("--worst PROPERTY", "The smallest, and the name of its record.", is_repeated=True)
    distinct: tuple[str, ...] = option(
        "--count-distinct PROPERTY", "How many different values there are.", is_repeated=True
    )
    having: str | None = option("--having TEST", "Show these groups only: 'count(*) > 5'.")
    sort: str | None = option("--sort COLUMNS", "Sort by these columns: '2 DESC', 'sum(x) DESC, team'.")
    limit: int | None = option("-n --limit N", "At most so many groups.", convert=whole(1))
    format_name: str | None = format_option(grouped.FORMATS, "a table on a terminal, else jsonl")

    def run(self) -> int:
        """Groups and writes."""
        from smsearch.groups.ask import said
        from smsearch.writers import groups
        from smsearch.writers.answer import Answer

        form = self.format_of(self.format_name, grouped.FORMATS).name
        self.refuse_csv_safe(form)
        sources, names = sources_and_names(self.arguments)
        keys = [*names, *self.by]
        grouping = said(keys, [*keys, "count(*)", *self._columns()], self.having or "", self.sort or "")
        query = self.query(self.where)
        query.refuse_page()
        opened = self.open(sources)
        result = query.result(opened.searcher)
        query_warnings.warn(result, query, self.stderr, grouped.names(grouping))
        table = result.grouped(grouping, self.limit)
        look = Answer((), is_colored=self.is_colored, width=self.table_width, is_csv_safe=self.csv_safe)
        with self.open_output_in(form) as stream:
            groups.write(stream, form, table, look)
        grouped.tell(table, self.stderr)
        return opened.exit_code

    def _columns(self) -> Iterator[str]:
        """What the options ask, in the order of the help."""
        from smsearch.groups.ask import written

        for function in ("sum", "avg", "min", "max", "median", "stddev", "best", "worst"):
            yield from (f"{function}({written(name)})" for name in getattr(self, function))
        yield from (f"count(DISTINCT {written(name)})" for name in self.distinct)
