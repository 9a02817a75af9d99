"""Command lines with a common slip, and the one line that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

COMMAND = (
    "aws sagemaker search --resource TrainingJob "
    "--search-expression 'Filters=[{Name=TrainingJobStatus,Operator=Equals,Value=Failed}]'"
)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("search", "jobs.jsonl", "status", "=", "Failed"), "quote the query: jobs.jsonl 'status = Failed'"),
        (("count", "status", "=", "Failed"), "quote the query: 'status = Failed'"),
        (("search", "status = Failed", "jobs.jsonl"), "the query comes last: jobs.jsonl 'status = Failed'"),
        (("jobs.jsonl", "status = Failed"), "did you mean `smsearch search jobs.jsonl 'status = Failed'`?"),
        (("status = Failed",), "did you mean `smsearch search 'status = Failed'`?"),
        (("why", "jobs.jsonl", "status = Failed", "cat-1"), "why takes NAME, then QUERY: cat-1 'status = Failed'"),
        (
            ("why", "jobs.jsonl", "cat-1"),
            "the query is missing: it follows the record, and '' is every",
        ),
        (("search", "jobs.jsonl", "--query", "Results[].x"), "-c TrainingJobName, or write names with -f names"),
        (("count", "jobs.jsonl", "status = Failed; a = b"), "Write AND between two conditions"),
        (("count", "jobs.jsonl", "metrics.loss(val) > 1"), "A name has no parentheses"),
        (("count", "jobs.jsonl", f"{COMMAND} --max-items 3"), "leave it out, and say with -n how many"),
    ],
)
def test_a_slip_is_told_with_the_line_that_helps(run: Run, arguments: tuple[str, ...], line: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert line in done.stderr
    assert not done.stdout


def test_an_option_of_another_program_gets_one_hint_and_an_unknown_one_the_nearest(run: Run) -> None:
    assert "--quiet" not in run("search", "jobs.jsonl", "--query", "x").stderr
    assert "--quiet" in run("search", "jobs.jsonl", "--quite").stderr


def test_a_file_that_is_missing_is_no_slip(run: Run) -> None:
    done = run("count", "no-such.jsonl", "jobs.jsonl")
    assert done.exit_code == 3
    assert "no-such.jsonl" in done.stderr


@pytest.mark.parametrize(
    "query",
    [COMMAND, f"$ {COMMAND}", "Filters=[{Name=TrainingJobStatus,Operator=Equals,Value=Failed}]", "status=Failed"],
)
def test_a_command_and_its_shorthand_are_understood(run: Run, query: str) -> None:
    assert run("search", "jobs.jsonl", query, "-f", "names").stdout == "cat-2\n"


def test_a_command_that_is_no_search_is_refused(run: Run) -> None:
    done = run("count", "jobs.jsonl", "aws s3 ls")
    assert done.exit_code == 2
    assert "aws sagemaker search" in done.stderr


def test_the_command_alone_shows_three_examples(run: Run) -> None:
    done = run()
    assert done.exit_code == 0
    assert done.stdout.count("\n  smsearch ") == 3


def test_both_spellings_ask_for_the_version(run: Run) -> None:
    assert run("-V").stdout == run("--version").stdout
    assert run("-V").stdout.startswith("smsearch ")


def test_names_of_records_are_completed_over_a_store(run: Run) -> None:
    from smsearch.cli.completion.complete import complete
    from smsearch.cli.completion.line import read

    assert run("index", "jobs.jsonl", "-o", "jobs.store", "-q").exit_code == 0
    for words in ("describe jobs.store", "why jobs.store", "diff jobs.store", "diff jobs.store x"):
        assert complete(read(f"smsearch {words} cat")).words == ("cat-1", "cat-2"), words
