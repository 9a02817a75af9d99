"""Whole processes that print the names of Q2's first page: started, answered, ended."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SQL: Final = "select name from jobs where status = 'Completed' order by modified desc, arn limit 100"
_REQUEST: Final = '{"Filters":[{"Name":"TrainingJobStatus","Operator":"Equals","Value":"Completed"}]}'
_TEXT: Final = "TrainingJobStatus = 'Completed'"
ALONE: Final = "python alone"


def commands(place: Path, engines: list[str]) -> dict[str, list[str]]:
    """The commands that the engines at hand allow."""
    found = {ALONE: [sys.executable, "-c", "pass"]}
    smsearch = [sys.executable, "-m", "smsearch", "search", str(place / "smsearch" / "store")]
    if "smsearch" in engines:
        found["smsearch, JSON"] = [*smsearch, _REQUEST, "-n", "100", "-f", "names", "-q"]
        found["smsearch, text"] = [*smsearch, _TEXT, "-n", "100", "-f", "names", "-q"]
    if "sqlite" in engines:
        file = place / "sqlite" / "jobs.sqlite"
        printed = f"print(*(n for n, in sqlite3.connect('file:{file}?mode=ro', uri=True).execute({SQL!r})), sep='\\n')"
        found["python and sqlite3"] = [sys.executable, "-c", f"import sqlite3; {printed}"]
        shell = shutil.which("sqlite3")
        if shell:
            found["sqlite3 shell"] = [shell, "-readonly", str(file), SQL]
    if "duckdb" in engines and find_spec("duckdb"):
        file = place / "duckdb" / "jobs.duckdb"
        rows = f"duckdb.connect({str(file)!r}, read_only=True).execute({SQL!r}).fetchall()"
        printed = f"print(*(n for n, in {rows}), sep='\\n')"
        found["python and duckdb"] = [sys.executable, "-c", f"import duckdb; {printed}"]
    return found


def times(place: Path, engines: list[str], repetitions: int) -> dict[str, float]:
    """Median milliseconds of each command.

    Raises:
        SystemExit: One fails, or two print different names.
    """
    found = commands(place, engines)
    printed = {name: _run(command) for name, command in found.items() if name != ALONE}
    for name, names in printed.items():
        if names != next(iter(printed.values())):
            raise SystemExit(f"{name} prints other names than {next(iter(printed))}.")
    return {name: _median_ms(command, repetitions) for name, command in found.items()}


def _run(command: list[str]) -> bytes:
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603 - the commands above
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return done.stdout


def _median_ms(command: list[str], repetitions: int) -> float:
    taken = []
    for _ in range(repetitions):
        begun = time.perf_counter()
        _run(command)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3
