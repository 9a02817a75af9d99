"""Whole processes that do one thing: started, answered, ended.

A task is said in the words of each command, and all must print the same rows before any is timed. Processes keep
bytecode, as an installed package has it, whatever the environment says: the run that compares rows has written it.
smsearch is started as the script that an installation makes starts it. All commands take turns, and what is measured is
their processor time, since others may use the machine.

`python -m benchmarks.oneshot PLACE ROUNDS` prints the table for what `benchmarks.run` has loaded into a folder.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALONE: Final = "python alone"
_ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
SQLITE: Final = "python and sqlite3"
_SMSEARCH: Final = (sys.executable, "-c", "from smsearch.cli.main import main; main()")
START: Final = "start"
SEARCH: Final = "search"
_REQUEST: Final = '{"Filters":[{"Name":"TrainingJobStatus","Operator":"Equals","Value":"Completed"}]}'
_CONTAINS: Final = '{"Filters":[{"Name":"TrainingJobName","Operator":"Contains","Value":"quokka"}]}'
_TEXT: Final = "TrainingJobStatus = 'Completed'"


def _lines(printed: bytes) -> list[str]:
    return printed.decode().splitlines()


def _nothing(_printed: bytes) -> list[str]:
    """Of what each command says in its own words."""
    return []


def _names_of_lines(printed: bytes) -> list[str]:
    """The names of documents, a line each."""
    return [orjson.loads(line)["TrainingJobName"] for line in printed.splitlines()]


def _names_of_page(printed: bytes) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in orjson.loads(printed)["Results"]]


def _facet(printed: bytes) -> list[str]:
    found = orjson.loads(printed)["Values"]
    return [f"{value['Value']}|{value['Records']}" for value in found]


def _completed(printed: bytes) -> list[str]:
    """The values among the queries that a shell is offered, without their quotes."""
    return sorted(line.rpartition("= ")[2].strip("'\" ") for line in _lines(printed))


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do.

    Attributes:
        says: What, for a reader.
        sql: How a database is asked; it prints its columns with `|` between.
        own: smsearch's arguments after the verb and the store, by how they are called.
        verb: The verb.
        read: What smsearch printed, as the lines that a database prints.
        read_sql: What a database printed, as lines to compare.
        environment: What smsearch finds in its environment; `{store}` stands for the store.
    """

    says: str
    sql: str
    own: dict[str, list[str]]
    verb: str = ""
    read: Callable[[bytes], list[str]] = _lines
    read_sql: Callable[[bytes], list[str]] = _lines
    environment: dict[str, str] = field(default_factory=dict)


_OF_SQLITE: Final = ("match", "document")
"""What DuckDB is not asked: full-text search, and documents as text, which it keeps as bytes."""
_DOCUMENTS: Final = (
    "select cast(document as text) from jobs where status = 'Completed' order by modified desc, arn limit 100"
)
TASKS: Final = {
    SEARCH: Task(
        "the names of Q2's first page",
        "select name from jobs where status = 'Completed' order by modified desc, arn limit 100",
        {"JSON": [_REQUEST, "-n", "100", "-f", "names", "-q"], "text": [_TEXT, "-n", "100", "-f", "names", "-q"]},
        "search",
    ),
    "count": Task(
        "how many Q2 finds",
        "select count(*) from jobs where status = 'Completed'",
        {"JSON": [_REQUEST, "-q"], "text": [_TEXT, "-q"]},
        "count",
    ),
    "lines": Task(
        "the documents of Q2's first page, a line each",
        _DOCUMENTS,
        {"JSON": [_REQUEST, "-n", "100", "-f", "jsonl", "-q"], "text": [_TEXT, "-n", "100", "-f", "jsonl", "-q"]},
        "search",
        _names_of_lines,
        _names_of_lines,
    ),
    "response": Task(
        "Q2's first page as the service answers",
        _DOCUMENTS,
        {
            "JSON": [_REQUEST, "--page-size", "100", "-f", "aws", "-q"],
            "text": [_TEXT, "--page-size", "100", "-f", "aws", "-q"],
        },
        "search",
        _names_of_page,
        _names_of_lines,
    ),
    "contains": Task(
        "how many have a rare word in their name",
        "select count(*) from names where names match '\"quokka\"'",
        {"JSON": [_CONTAINS, "-q"]},
        "count",
    ),
    "version": Task("the version", "select 1", {"": []}, "--version", _nothing, _nothing),
    "help": Task("the help of search", "select 1", {"": []}, "search --help", _nothing, _nothing),
    "facet": Task(
        "each status, with how many have it",
        "select status || '|' || count(*) from jobs group by status order by count(*) desc, status",
        {"": ["TrainingJobStatus", "-f", "jsonl", "-q"]},
        "facet",
        _facet,
    ),
    "completion": Task(
        "TAB after a half-typed value of a query",
        "select distinct status from jobs where status >= 'Sto' and status < 'Stp' order by status",
        {"": []},
        read=_completed,
        environment={
            "_SMSEARCH_COMPLETE": "fish",
            "_SMSEARCH_LINE": 'smsearch search {store} "TrainingJobStatus = Sto',
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A command, what it finds in its environment, and how what it prints is read."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    read: Callable[[bytes], list[str]] = _lines

    def printed(self) -> bytes:
        """What it prints.

        Raises:
            SystemExit: It fails.
        """
        done = subprocess.run(  # noqa: S603 - the commands of this module
            self.command, stdout=subprocess.PIPE, check=False, env={**_ENVIRONMENT, **self.environment}
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(self.command)} ended with {done.returncode}")
        return done.stdout

    def processor_ms(self) -> float:
        """The processor time of its whole life."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.printed()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1e3


def shots(task: Task, place: Path, engines: list[str]) -> dict[str, Shot]:
    """The commands for a task that the engines at hand allow."""
    found: dict[str, Shot] = {}
    if "smsearch" in engines:
        store = str(place / "smsearch" / "store")
        environment = {name: value.format(store=store) for name, value in task.environment.items()}
        for said, arguments in task.own.items():
            of_store = [store, *arguments] if arguments else []
            name = f"smsearch, {said}" if said else "smsearch"
            found[name] = Shot([*_SMSEARCH, *task.verb.split(), *of_store], environment, task.read)
    if "sqlite" in engines:
        file = place / "sqlite" / "jobs.sqlite"
        rows = f"sqlite3.connect('file:{file}?mode=ro', uri=True).execute({task.sql!r})"
        found[SQLITE] = Shot([sys.executable, "-c", f"import sqlite3; {_printing(rows)}"], read=task.read_sql)
        shell = shutil.which("sqlite3")
        if shell:
            found["sqlite3 shell"] = Shot([shell, "-readonly", str(file), task.sql], read=task.read_sql)
    if "duckdb" in engines and find_spec("duckdb") and not any(word in task.sql for word in _OF_SQLITE):
        file = place / "duckdb" / "jobs.duckdb"
        rows = f"duckdb.connect({str(file)!r}, read_only=True).execute({task.sql!r}).fetchall()"
        found["python and duckdb"] = Shot(
            [sys.executable, "-c", f"import duckdb; {_printing(rows)}"], read=task.read_sql
        )
    return found


def _printing(rows: str) -> str:
    return f"print(*(row[0] for row in {rows}), sep='\\n')"


def times(place: Path, engines: list[str], repetitions: int) -> dict[str, dict[str, float]]:
    """Median milliseconds of processor time of each command for each task.

    Raises:
        SystemExit: One fails, or two print different rows.
    """
    commands = {START: {ALONE: Shot([sys.executable, "-c", "pass"])}}
    for name, task in TASKS.items():
        commands[name] = shots(task, place, engines)
        printed = {said: shot.read(shot.printed()) for said, shot in commands[name].items()}
        for said, rows in printed.items():
            if rows != next(iter(printed.values())):
                raise SystemExit(f"{name}: {said} prints other rows than {next(iter(printed))}.")
    rounds = [
        {name: {said: shot.processor_ms() for said, shot in of_task.items()} for name, of_task in commands.items()}
        for _ in range(repetitions)
    ]
    return {
        name: {said: statistics.median(one[name][said] for one in rounds) for said in of_task}
        for name, of_task in commands.items()
    }


def table(found: dict[str, dict[str, float]]) -> Iterator[str]:
    """The times as Markdown, each of smsearch with how many times as long as Python and sqlite3 it takes."""
    columns = list(dict.fromkeys(said for task in TASKS for said in found.get(task, {})))
    yield f"| | {' | '.join(columns)} |"
    yield "|---|" + "---:|" * len(columns)
    for name, task in TASKS.items():
        cells = [_cell(found.get(name, {}), column) for column in columns]
        yield f"| {name}: {task.says} | {' | '.join(cells)} |"


def _cell(times_of_task: dict[str, float], column: str) -> str:
    if column not in times_of_task:
        return ""
    time, base = times_of_task[column], times_of_task.get(SQLITE)
    return f"{time:,.0f} ({time / base:.1f}×)" if base and column.startswith("smsearch") else f"{time:,.0f}"


if __name__ == "__main__":
    result = times(Path(sys.argv[1]), ["smsearch", "sqlite"], int(sys.argv[2]))
    print(f"Python alone takes {result[START][ALONE]:.0f}.\n")
    print("\n".join(table(result)))
