"""`smsearch plot`: a figure of the matches of a query, as a file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from smsearch.cli import query_warnings
from smsearch.cli.arguments import comma_separated, sources_and_names
from smsearch.cli.options import EngineVerb, PricedVerb, QueryingVerb, WritingVerb
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import option, positional, positionals, whole

KINDS: Final = ("scatter", "histogram", "box", "timeline", "best-so-far", "importance", "parallel", "bars")
FORMATS: Final = ("html", "svg", "png", "pdf", "json")
_BINARY: Final = ("png", "pdf")


class PlotVerb(QueryingVerb, WritingVerb, PricedVerb, EngineVerb):
    """Draws a figure of the records that match the QUERY, '' for all; its LIMIT is ignored.

    The properties are, by KIND: scatter X Y; histogram PROPERTY; box NUMBER GROUP; timeline [GROUP];
    best-so-far METRIC; importance METRIC [PARAMETER...]; parallel METRIC [AXIS...]; bars KEY [PART].
    At most 5,000 points or 1,000 lines are drawn, a seeded sample that says of how many it is. HTML,
    SVG, PNG and PDF need the extra plots, and no browser; JSON is the specification for Vega-Lite.
    """

    examples = (
        'plot scatter data/exports "status = Completed" learning_rate validation:accuracy -o chart.html',
        'plot importance data/exports "" validation:accuracy -o importance.svg',
        'plot bars data/exports "" "month(created)" status --measure "sum(BillableTimeInSeconds)" -f json',
    )

    kind: str = positional("KIND", KINDS)
    arguments: tuple[str, ...] = positionals("SOURCE... QUERY [PROPERTY...]")
    color: str | None = option("--color PROPERTY", "Of scatter and histogram: what marks are coloured by.")
    direction: str | None = option("--direction", "Of best-so-far: what is best.", choices=("min", "max"))
    measure: str = option(
        "--measure FUNCTION", "Of bars: what is asked of each group, such as sum(x).", default="count(*)"
    )
    seed: int = option("--seed N", "Which sample is drawn of many matches.", convert=whole(0), default=0)
    format_name: str | None = option(
        "-f --format FORMAT", f"One of {', '.join(FORMATS)}; the suffix of FILE, else json.", choices=FORMATS
    )

    def run(self) -> int:
        """Draws and writes."""
        form = self._form()
        sources, arguments = sources_and_names(self.arguments)
        text, names = arguments[0], self._names(arguments[1:])
        from smsearch.plots.output import rendered
        from smsearch.plots.request import FigureRequest, draw, kind_of

        request = FigureRequest(self.kind, names, self.color or "", self.direction or "", self.measure, self.seed)
        kind_of(request)
        query = self.query(text)
        query.refuse_page()
        opened = self.open(sources)
        result = query.result(opened.searcher)
        query_warnings.warn(result, query, self.stderr, self._properties(names))
        figure = draw(result, request)
        content = rendered(figure, form)
        with self.open_output() as stream:
            stream.write(content)
        for note in figure.notes if not self.is_to_stdout else ():
            self.stderr.note(f"note: {note}")
        return opened.exit_code

    def _form(self) -> str:
        """The format that is asked for, else that of the file's suffix, else JSON."""
        suffix = PurePath(self.output or "").suffix.lower().removeprefix(".")
        form = self.format_name or ("json" if self.is_to_stdout else suffix)
        if form not in FORMATS:
            raise UsageError(f"-o {self.output}: no format has the suffix {suffix!r}; say which with -f")
        if form in _BINARY and self.is_to_terminal:
            raise UsageError(f"-f {form} is not for a terminal: write it to a file with -o")
        return form

    def _names(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        """The properties; what bars are grouped by may have a function's comma."""
        return arguments if self.kind == "bars" else comma_separated(arguments)

    def _properties(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names that are properties."""
        return () if self.kind == "bars" else (*names, *((self.color,) if self.color else ()))
