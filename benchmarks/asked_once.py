"""Times queries as users ask them: each value once, and each page of a listing for the first time.

    python -m benchmarks.asked_once [JOBS] [--folder FOLDER] [--values 500] [--engines smsearch,sqlite] [--skewed]

Of Q2, Q3, Q4, Q10 and Q14 it draws 500 values by a seed: statuses and times, thresholds, thresholds and teams, teams
that nobody has, months. The engines have what `benchmarks.run` has loaded. They take turns, value by value, and who
begins changes: first each value is asked once, then all of them again. Then a listing is walked from page to page. What
is printed is processor time: the median and p99 of each engine, and its median over smsearch's. At last all answers are
compared, names and totals, and a difference ends the run without a table.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks.engines import ENGINES
from benchmarks.queries import PAGE, Query, filter_
from benchmarks.run import CACHE, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEED: Final = 18
STATUSES: Final = ("Completed", "Failed", "Stopped", "InProgress")
TEAMS: Final = ("vision", "nlp", "ads", "search", "risk", "speech")
START: Final = datetime(2023, 1, 1, tzinfo=UTC)
DAYS: Final = 700
WALKED: Final = 1_000
"""Pages of the listing that are walked at most."""
_TOKEN: Final = b'"NextToken":"'


@dataclass(slots=True)
class Times:
    """Microseconds of processor time of one engine."""

    once: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)


def values_of(name: str, count: int) -> Iterator[Query]:
    """So many queries of one kind with different values."""
    chance = random.Random(f"{SEED} {name}")
    for at in range(count):
        yield _DRAWN[name](f"{name} {at}", chance)


def _request(*filters: dict[str, str], sort_by: str = "LastModifiedTime") -> dict[str, Any]:
    return {"SearchExpression": {"Filters": list(filters)}, "SortBy": sort_by}


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _moment(chance: random.Random) -> datetime:
    return START + timedelta(seconds=chance.randrange(DAYS * 86_400))


def _status(name: str, chance: random.Random) -> Query:
    status, moment = chance.choice(STATUSES), _moment(chance)
    request = _request(
        filter_("TrainingJobStatus", "Equals", status), filter_("LastModifiedTime", "LessThan", moment.isoformat())
    )
    return Query(name, "", request, f"status = '{status}' and modified < {_micros(moment)}")


def _metric(name: str, chance: random.Random) -> Query:
    threshold = chance.randrange(5_000, 9_999) / 10_000
    request = _request(filter_("Metrics.accuracy", "GreaterThan", str(threshold)), sort_by="Metrics.accuracy")
    return Query(name, "", request, f"accuracy > {threshold}", column="accuracy")


def _parameter(name: str, chance: random.Random) -> Query:
    threshold, team = chance.randrange(1, 9_999) / 100_000, chance.choice(TEAMS)
    request = _request(
        filter_("HyperParameters.learning_rate", "LessThan", f"{threshold:.5f}"),
        filter_("Tags.team", "Equals", team),
        sort_by="CreationTime",
    )
    return Query(name, "", request, f"learning_rate < {threshold:.5f} and team = '{team}'", column="created")


def _nobody(name: str, chance: random.Random) -> Query:
    team = f"nobody-{chance.getrandbits(48):x}"
    return Query(name, "", _request(filter_("Tags.team", "Equals", team)), f"team = '{team}'")


def _window(name: str, chance: random.Random) -> Query:
    start = _moment(chance)
    end = start + timedelta(days=30)
    request = _request(
        filter_("CreationTime", "GreaterThanOrEqualTo", start.isoformat()),
        filter_("CreationTime", "LessThan", end.isoformat()),
        sort_by="CreationTime",
    )
    return Query(name, "", request, f"created >= {_micros(start)} and created < {_micros(end)}", column="created")


_DRAWN: Final[dict[str, Callable[[str, random.Random], Query]]] = {
    "Q2": _status,
    "Q3": _metric,
    "Q4": _parameter,
    "Q10": _nobody,
    "Q14": _window,
}


def _in_turns(engines: dict[str, Any], queries: Sequence[Query], times: dict[str, list[float]]) -> None:
    names = list(engines)
    for at, query in enumerate(queries):
        for name in names[at % len(names) :] + names[: at % len(names)]:
            start = time.process_time_ns()
            engines[name].response(query)
            times[name].append((time.process_time_ns() - start) / 1_000)


def asked(engines: dict[str, Any], name: str, count: int) -> dict[str, Times]:
    """The times of queries of one kind, whose answers are compared afterwards."""
    queries = list(values_of(name, count))
    times = {engine: Times() for engine in engines}
    _in_turns(engines, queries, {engine: one.once for engine, one in times.items()})
    _in_turns(engines, queries, {engine: one.again for engine, one in times.items()})
    for query in queries:
        answers = {engine: one.answer(query) for engine, one in engines.items()}
        if len({repr(answer) for answer in answers.values()}) > 1:
            raise SystemExit(f"{query.name}, {query.where}: { ({one: answer[1] for one, answer in answers.items()}) }")
    return times


def walked(engines: dict[str, Any], pages: int) -> dict[str, Times]:
    """The times of the pages of Q1, each of which is asked for where the one before ended; by NextToken, and by key."""
    times = {engine: Times() for engine in engines}
    token, after = b"", "true"
    for at in range(pages):
        own = {"Resource": "TrainingJob", "MaxResults": PAGE, "SortBy": "LastModifiedTime"}
        request = orjson.dumps(own | ({"NextToken": token.decode()} if token else {}))
        query = Query(f"Q1 {at}", "", where=after)
        start = time.process_time_ns()
        response = engines["smsearch"].asked(request)
        times["smsearch"].once.append((time.process_time_ns() - start) / 1_000)
        names = [result["TrainingJob"]["TrainingJobName"] for result in orjson.loads(response)["Results"]]
        for engine in engines.keys() - {"smsearch"}:
            start = time.process_time_ns()
            engines[engine].response(query)
            times[engine].once.append((time.process_time_ns() - start) / 1_000)
            rows = engines[engine].select("name, modified, arn", query)
            if [row[0] for row in rows] != names:
                raise SystemExit(f"page {at + 1} of the listing differs")
            (_, modified, arn) = rows[-1]
            after = f"modified <= {modified} and (modified < {modified} or arn > '{arn}')"
        *_, ending = response.rpartition(_TOKEN)
        token = ending.removesuffix(b'"}')
    return times


def _printed(name: str, times: dict[str, Times]) -> None:
    own = times["smsearch"]
    for engine, one in times.items():
        cells = []
        for ours, theirs in ((own.once, one.once), (own.again, one.again)):
            if theirs:
                middle = statistics.median(theirs)
                late = statistics.quantiles(theirs, n=100)[98]
                cells.append(f"{middle:,.0f} | {late:,.0f} | {middle / statistics.median(ours):.2f}×")
            else:
                cells.append(" |  | ")
        print(f"| {name} | {engine} | {' | '.join(cells)} |", flush=True)


def main(argv: Sequence[str] | None = None) -> None:
    """The command line; `argv` is without the program's name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asked_once", description=__doc__.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=100_000, help="how many jobs the earlier run loaded")
    parser.add_argument("--folder", type=Path, default=CACHE, help="where the databases of that run are")
    parser.add_argument("--values", type=int, default=500, help="values of each query (default: 500)")
    parser.add_argument("--engines", default="smsearch,sqlite", help="engines with a table of SQL, beside smsearch")
    parser.add_argument("--skewed", action="store_true", help="a run of jobs of a skewed account")
    arguments = parser.parse_args(argv)
    engines = {name: ENGINES[name]() for name in arguments.engines.split(",")}
    place = Settings(arguments.count, folder=arguments.folder, is_skewed=arguments.skewed).place
    for name, engine in engines.items():
        engine.imports()
        engine.open(place / name)
    print("| | engine | once, µs | p99 | over smsearch's | again, µs | p99 | over smsearch's |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for name in _DRAWN:
        _printed(name, asked(engines, name, arguments.values))
    sql = {name: engine for name, engine in engines.items() if name in {"smsearch", "sqlite"}}
    _printed("walk", walked(sql, min(WALKED, arguments.count // PAGE)))


if __name__ == "__main__":
    main()
