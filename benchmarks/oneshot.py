"""Whole processes that do one thing: started, answered, ended.

A task is said in the words of each command, and all must print the same rows before any is timed. Processes keep
bytecode, as an installed package has it, whatever the environment says: the run that compares rows has written it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ALONE: Final = "python alone"
_ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
START: Final = "start"
SEARCH: Final = "search"
_REQUEST: Final = '{"Filters":[{"Name":"TrainingJobStatus","Operator":"Equals","Value":"Completed"}]}'
_TEXT: Final = "TrainingJobStatus = 'Completed'"


def _lines(printed: bytes) -> list[str]:
    return printed.decode().splitlines()


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
        environment: What smsearch finds in its environment; `{store}` stands for the store.
    """

    says: str
    sql: str
    own: dict[str, list[str]]
    verb: str = ""
    read: Callable[[bytes], list[str]] = _lines
    environment: dict[str, str] = field(default_factory=dict)


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

    def median_ms(self, repetitions: int) -> float:
        """The median of its whole life."""
        taken = []
        for _ in range(repetitions):
            begun = time.perf_counter()
            self.printed()
            taken.append(time.perf_counter() - begun)
        return statistics.median(taken) * 1e3


def shots(task: Task, place: Path, engines: list[str]) -> dict[str, Shot]:
    """The commands for a task that the engines at hand allow."""
    found: dict[str, Shot] = {}
    if "smsearch" in engines:
        store = str(place / "smsearch" / "store")
        environment = {name: value.format(store=store) for name, value in task.environment.items()}
        for said, arguments in task.own.items():
            verb = [task.verb, store, *arguments] if task.verb else []
            name = f"smsearch, {said}" if said else "smsearch"
            found[name] = Shot([sys.executable, "-m", "smsearch", *verb], environment, task.read)
    if "sqlite" in engines:
        file = place / "sqlite" / "jobs.sqlite"
        rows = f"sqlite3.connect('file:{file}?mode=ro', uri=True).execute({task.sql!r})"
        found["python and sqlite3"] = Shot([sys.executable, "-c", f"import sqlite3; {_printing(rows)}"])
        shell = shutil.which("sqlite3")
        if shell:
            found["sqlite3 shell"] = Shot([shell, "-readonly", str(file), task.sql])
    if "duckdb" in engines and find_spec("duckdb"):
        file = place / "duckdb" / "jobs.duckdb"
        rows = f"duckdb.connect({str(file)!r}, read_only=True).execute({task.sql!r}).fetchall()"
        found["python and duckdb"] = Shot([sys.executable, "-c", f"import duckdb; {_printing(rows)}"])
    return found


def _printing(rows: str) -> str:
    return f"print(*(row[0] for row in {rows}), sep='\\n')"


def times(place: Path, engines: list[str], repetitions: int) -> dict[str, dict[str, float]]:
    """Median milliseconds of each command for each task.

    Raises:
        SystemExit: One fails, or two print different rows.
    """
    found = {START: {ALONE: Shot([sys.executable, "-c", "pass"]).median_ms(repetitions)}}
    for name, task in TASKS.items():
        commands = shots(task, place, engines)
        printed = {said: shot.read(shot.printed()) for said, shot in commands.items()}
        for said, rows in printed.items():
            if rows != next(iter(printed.values())):
                raise SystemExit(f"{name}: {said} prints other rows than {next(iter(printed))}.")
        found[name] = {said: shot.median_ms(repetitions) for said, shot in commands.items()}
    return found
