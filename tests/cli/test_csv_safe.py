"""`--csv-safe`: no cell of a file is one that a spreadsheet would run, and every other cell is as without it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import job

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

RUN_BY_A_SPREADSHEET = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "-", "=", "-inf", "+49 30 1", '="x"')
LEFT = ("-1", "+1.5", "-.5e-3", "1.", "a=1", "'=1", "", " x", "https://x/=1", "2024-01-01")


@pytest.fixture
def dump(folder: Path) -> Path:
    """A record for each text, as the reason of its failure and in the key of a tag."""
    texts = [*RUN_BY_A_SPREADSHEET, *LEFT]
    lines = [
        json.dumps(job(f"job-{at:02}", "Failed", 1, FailureReason=text, HyperParameters={"p": text}))
        for at, text in enumerate(texts)
    ]
    file = folder / "formulas.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def rows(text: str, form: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="," if form == "csv" else "\t"))


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_cells_that_would_run_are_texts_and_numbers_stay_numbers(run: Run, dump: Path, form: str) -> None:
    asked = ("search", dump, "ORDER BY name", "-f", form, "-c", "name,FailureReason")
    plain, safe = (rows(run(*asked, *more).stdout, form)[1:] for more in ((), ("--csv-safe",)))
    assert [cell for _, cell in plain] == [*RUN_BY_A_SPREADSHEET, *LEFT]
    assert [cell for _, cell in safe] == [*(f"'{text}" for text in RUN_BY_A_SPREADSHEET), *LEFT]


def test_every_verb_that_writes_csv_has_it(run: Run, dump: Path) -> None:
    for verb in (
        ("values", dump, "FailureReason"),
        ("facet", dump, "FailureReason"),
        ("group", dump, "FailureReason"),
        ("search", dump, "GROUP BY FailureReason"),
        ("schema", dump),
    ):
        cells = [cell for row in rows(run(*verb, "-f", "csv", "--csv-safe").stdout, "csv") for cell in row]
        assert verb[0] == "schema" or "'=1+1" in cells, "its examples are others"
        assert [cell for cell in cells if cell[:1] in set("=+-@\t\r\n") and cell not in LEFT] == [], verb


def test_headings_are_cells_too(run: Run, dump: Path) -> None:
    written = run("search", dump, 'SELECT name AS "=run" LIMIT 1', "-f", "csv", "--csv-safe").stdout
    assert written.splitlines()[0] == "'=run"


@pytest.mark.parametrize("verb", [("search",), ("group", "name"), ("values", "name"), ("facet", "name"), ("schema",)])
def test_another_format_has_no_such_cells(run: Run, verb: tuple[str, ...]) -> None:
    done = run(verb[0], "jobs.jsonl", *verb[1:], "-f", "json", "--csv-safe")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, "error: --csv-safe is for -f csv and -f tsv")
