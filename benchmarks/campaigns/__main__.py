"""Runs campaigns: many tries, drawn from a seed, at breaking a law; what was done is not done again.

    python -m benchmarks.campaigns [NAME ...] [--tries N] [--share 0.01] [--seed 1] [--results FOLDER]
    python -m benchmarks.campaigns --table

Each campaign says how many tries it made, how many failed, and what the worst one cost. A failure is told with its
number: `python -m benchmarks.campaigns NAME --seed S --from N --tries N+1 --lines` makes that try alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks.campaigns.campaign import attempts
from benchmarks.campaigns.catalogue import CAMPAIGNS
from benchmarks.campaigns.runner import Tally, read_tally, results_file, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.campaigns.campaign import Campaign

RESULTS: Final = Path("build/campaigns")


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; `argv` is without the program's name. Returns 1 if a try failed."""
    arguments = _arguments(argv)
    campaigns = [one for one in CAMPAIGNS if not arguments.names or one.name in arguments.names]
    if arguments.lines:
        _write_lines(campaigns[0], arguments)
        return 0
    tallies: dict[str, Tally] = {}
    for one in campaigns:
        tries = arguments.tries or max(round(one.tries * arguments.share), 1)
        if arguments.table:
            tallies[one.name] = read_tally(results_file(arguments.results, one, arguments.seed))
        else:
            tallies[one.name] = run(one, arguments.seed, tries, arguments.results, _say)
    print(_table(campaigns, tallies))
    return int(any(tally.failures for tally in tallies.values()))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaigns", description=__doc__.partition("\n")[0])
    names = tuple(one.name for one in CAMPAIGNS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones (default: all of {', '.join(names)})")
    parser.add_argument("--tries", type=int, default=0, help="how many of each (default: as many as it says)")
    parser.add_argument("--share", type=float, default=1.0, help="of its tries, where --tries is not given")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (default: 1)")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"the folder of results (default: {RESULTS})")
    parser.add_argument("--table", action="store_true", help="show what was done, and do nothing")
    parser.add_argument("--from", dest="begin", type=int, default=0, help="with --lines: the first try")
    parser.add_argument("--lines", action="store_true", help="make tries in this process, and write a line for each")
    arguments = parser.parse_args(argv)
    for name in arguments.names:
        if name not in names:
            parser.error(f"there is no campaign {name!r}; there are {', '.join(names)}")
    if arguments.lines and len(arguments.names) != 1:
        parser.error("--lines takes one name")
    return arguments


def _write_lines(campaign: Campaign, arguments: argparse.Namespace) -> None:
    """What the runner starts: tries in this process, a line of JSON for each."""
    numbers = range(arguments.begin, arguments.tries)
    with tempfile.TemporaryDirectory(prefix="smsearch-campaign-") as folder:
        for tried in attempts(campaign, arguments.seed, numbers, Path(folder)):
            sys.stdout.buffer.write(orjson.dumps(asdict(tried), option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()


def _table(campaigns: Sequence[Campaign], tallies: dict[str, Tally]) -> str:
    """What came of campaigns, in Markdown."""
    rows = ["| campaign | what no try may break | tries | failures | the worst try |", "|---|---|---:|---:|---|"]
    for one in campaigns:
        tally = tallies[one.name]
        worst = f"{tally.worst.cost:.3g} {one.unit} (try {tally.worst.number})" if tally.tries else ""
        rows.append(f"| {one.name} | {one.law} | {tally.tries:,} | {len(tally.failures)} | {worst} |")
    return "\n".join(rows)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
