"""`--prices`: Cost in every verb that asks, and the note of what has no price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from smsearch.cli.completion.complete import Completions, complete
from smsearch.cli.completion.line import read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def write_jobs(folder: Path) -> None:
    jobs = [
        {
            "TrainingJobName": name,
            "BillableTimeInSeconds": 3600,
            "ResourceConfig": {"InstanceType": name, "InstanceCount": 2},
        }
        for name in ("ml.a", "ml.b", "ml.c")
    ]
    (folder / "priced.jsonl").write_bytes(b"\n".join(map(orjson.dumps, jobs)))
    (folder / "prices.csv").write_text("type,price\nml.a,1.5\nml.b,2\n")


def test_cost_is_searched_grouped_and_listed(run: Run, tmp_path: Path) -> None:
    write_jobs(tmp_path)
    source, prices = str(tmp_path / "priced.jsonl"), ("--prices", str(tmp_path / "prices.csv"))
    done = run("search", source, "Cost > 1 ORDER BY Cost DESC", "-c", "name,Cost", "-f", "csv", *prices)
    assert done.stdout.splitlines() == ["TrainingJobName,Cost", "ml.b,4", "ml.a,3"]
    assert "no price: 1 TrainingJob record, ml.c (1)" in done.stderr
    assert run("count", source, "Cost >= 3", *prices).stdout == "2\n"
    grouped = run("search", source, "SELECT count(*), sum(Cost)", "-f", "csv", *prices)
    assert grouped.stdout.splitlines() == ["count(*),sum(Cost)", "3,7"]
    listed = run("schema", source, "Cost", "-f", "jsonl", *prices)
    assert orjson.loads(listed.stdout)["Type"] == "number (derived)"


def test_cost_is_completed_where_prices_are_given(tmp_path: Path) -> None:
    write_jobs(tmp_path)
    line = f"smsearch search {tmp_path}/priced.jsonl --prices {tmp_path}/prices.csv -c name,Co"
    assert complete(read(line)).words == ("name,Cost",)
    assert complete(read(line.replace("/prices.csv", "/priced.jsonl"))) == Completions(files=True)


def test_without_prices_there_is_no_cost(run: Run, tmp_path: Path) -> None:
    write_jobs(tmp_path)
    done = run("count", str(tmp_path / "priced.jsonl"), "Cost > 1")
    assert done.exit_code == 2
    assert "--prices FILE" in done.stderr


def test_prices_that_are_none_are_refused_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    write_jobs(tmp_path)
    (tmp_path / "prices.csv").write_text("type\nml.a\n")
    done = run("count", str(tmp_path / "priced.jsonl"), "--prices", str(tmp_path / "prices.csv"))
    assert done.exit_code == 2
    assert "instance type,region,price" in done.stderr
