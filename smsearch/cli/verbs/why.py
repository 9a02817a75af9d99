"""`smsearch why`: the query as a truth tree for one record."""

from __future__ import annotations

import os
import sys

import orjson

from smsearch.cli import terminal
from smsearch.cli.arguments import sources_name_and_query
from smsearch.cli.options import PricedVerb, QueryingVerb, format_option
from smsearch.cli.verb import positionals
from smsearch.messages import counted


class WhyVerb(QueryingVerb, PricedVerb):
    """Writes the QUERY as a tree: whether each condition holds for the record, and what the record has.

    RECORD is a name or an ARN. A record that does not exist is exit 3; one that does not match is no error.
    """

    examples = (
        'why data/exports vision-resnet-2024-12-26-04-55-07-537 "status = Completed AND duration > 2h"',
        'why data/exports ads-bert-2024-12-26-01-43-14-721 "InputDataConfig[ChannelName = train]"',
        'why data/exports ads-bert-2024-12-26-01-43-14-721 "validation:accuracy > 0.9" -f json',
    )

    arguments: tuple[str, ...] = positionals("SOURCE... RECORD QUERY")
    format_name: str | None = format_option(("text", "json"), "else text")

    def run(self) -> int:
        """Explains the match, or the mismatch, of each record of the name."""
        sources, name, text = sources_name_and_query(self.arguments)
        query = self.query(text)
        query.refuse_page()
        opened = self.open(sources)
        reasons = query.result(opened.searcher).why(name)
        if len(reasons) > 1:
            self.stderr.note(f"note: {counted(len(reasons), 'record')} are called {name}")
        if self.format_name == "json":
            texts = [orjson.dumps([reason.members() for reason in reasons], option=orjson.OPT_INDENT_2).decode()]
        else:
            from smsearch.reasons.tree import BOXED, INDENTED

            style = BOXED if terminal.is_output() and _shows_boxes() else INDENTED
            texts = [reason.text(style) for reason in reasons]
        sys.stdout.write("\n".join(texts) + "\n")
        return opened.exit_code


def _shows_boxes() -> bool:
    """Whether the terminal can show the characters of boxes."""
    return "utf" in terminal.encoding_of(sys.stdout).lower() and os.environ.get("TERM") != "dumb"
