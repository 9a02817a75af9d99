"""`smsearch search`: what is written, how much of it, and what is said beside it."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import JOBS, job

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

NEWEST_FIRST = ["dog-1", "cat-2", "cat-1"]


def write(path: Path, *documents: object) -> None:
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")


def test_a_pipe_gets_whole_documents_a_line_each(run: Run) -> None:
    lines = run("search", "jobs.jsonl").stdout.splitlines()
    assert [json.loads(line)["TrainingJobName"] for line in lines] == NEWEST_FIRST
    assert json.loads(lines[2])["FinalMetricDataList"] == [
        {"MetricName": "loss", "Value": 0.25, "Timestamp": "2024-01-01T12:00:00Z"}
    ]


def test_what_was_written_can_be_searched_again(run: Run) -> None:
    run("search", "jobs.jsonl", "-o", "again.jsonl")
    assert run("search", "again.jsonl").stdout == run("search", "jobs.jsonl").stdout


def test_standard_input_is_a_source(run: Run) -> None:
    done = run("search", "-", "status = Failed", "-f", "names", stdin=json.dumps(JOBS[1]).encode())
    assert done.stdout == "cat-2\n"


def test_the_environment_gives_the_source(run: Run) -> None:
    assert run("search", "status = Failed", "-f", "names", env={"SMSEARCH_DATA": "jobs.jsonl"}).stdout == "cat-2\n"


def test_text_json_and_a_file_say_the_same(run: Run, folder: Path) -> None:
    (folder / "query.sql").write_text("status = Failed -- or so")
    request = {
        "Resource": "TrainingJob",
        "SearchExpression": {"Filters": [{"Name": "TrainingJobStatus", "Value": "Failed"}]},
    }
    for query in ("status = Failed", json.dumps(request["SearchExpression"]), json.dumps(request), "@query.sql"):
        assert run("search", "jobs.jsonl", query, "-f", "names").stdout == "cat-2\n", query


def test_limits_of_query_and_option_both_hold(run: Run) -> None:
    def names(*arguments: str) -> list[str]:
        return run("search", "jobs.jsonl", *arguments, "-f", "names").stdout.split()

    assert names("LIMIT 2", "-n", "1") == NEWEST_FIRST[:1]
    assert names("LIMIT 1", "-n", "2") == NEWEST_FIRST[:1]
    assert names("LIMIT 2", "--all") == NEWEST_FIRST[:2]
    assert names("-n", "0") == []


def test_a_table_shows_fifty_and_says_so(run: Run, folder: Path) -> None:
    write(folder / "many.jsonl", *(job(f"job-{number:03}", "Completed", 1) for number in range(60)))
    done = run("search", "many.jsonl", "-f", "table")
    assert len(done.stdout.splitlines()) == 51
    assert done.stderr.startswith("showing 50 of 60 matches in 60 records (")
    assert done.stderr.endswith(" ms): use -n or --all\n")
    assert len(run("search", "many.jsonl", "-f", "table", "--all").stdout.splitlines()) == 61
    assert len(run("search", "many.jsonl", "-f", "table", "-n", "55").stdout.splitlines()) == 56
    assert len(run("search", "many.jsonl", "LIMIT 52", "-f", "table").stdout.splitlines()) == 53
    for form in ("jsonl", "names"):
        assert len(run("search", "many.jsonl", "-f", form).stdout.splitlines()) == 60


def test_a_table_in_a_pipe_is_not_cropped(run: Run, folder: Path) -> None:
    write(folder / "wide.jsonl", job("x" * 300, "Completed", 1, RoleArn="y" * 300))
    done = run("search", "wide.jsonl", "-f", "table", "-c", "TrainingJobName,RoleArn", env={"COLUMNS": "40"})
    assert f"{'x' * 300}  {'y' * 300}\n" in done.stdout


def test_a_table_cannot_command_the_terminal(run: Run, folder: Path) -> None:
    write(folder / "evil.jsonl", job("evil", "Failed", 1, FailureReason="\x1b[2J\x9b\r\n\t\u202eback"))
    for form in ("table", "md"):
        done = run("search", "evil.jsonl", "-f", form, "-c", "FailureReason")
        assert all(line.isprintable() for line in done.stdout.splitlines())
    assert r"\x1b[2J\x9b\r\n\t\u202eback" in run("search", "evil.jsonl", "-f", "table", "-c", "FailureReason").stdout


def test_wide_characters_stay_aligned(run: Run, folder: Path) -> None:
    write(
        folder / "wide.jsonl",
        job("a", "Failed", 1, FailureReason="日本"),
        job("b", "Failed", 2, FailureReason="e\u0301"),
    )
    done = run("search", "wide.jsonl", "ORDER BY name", "-f", "table", "-c", "FailureReason,TrainingJobName")
    assert done.stdout.splitlines()[1:] == ["日本" + " " * 11 + "a", "e\u0301" + " " * 14 + "b"]


def test_colours_only_where_they_are_asked_for(run: Run) -> None:
    arguments = ("search", "jobs.jsonl", "-f", "table")
    assert "\x1b[" not in run(*arguments).stdout
    assert "\x1b[" not in run(*arguments, "--color", "never").stdout
    assert "\x1b[31mFailed" in run(*arguments, "--color", "always").stdout


def test_csv_tells_absent_from_empty_and_reads_back(run: Run) -> None:
    done = run("search", "jobs.jsonl", "-o", "jobs.csv")
    assert done.exit_code == 0
    strings_can_be_null = pa.csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    newlines = pa.csv.ParseOptions(newlines_in_values=True)
    table = pa.csv.read_csv("jobs.csv", convert_options=strings_can_be_null, parse_options=newlines)
    assert table["FailureReason"].to_pylist() == ["", JOBS[1]["FailureReason"], None]
    assert table["Metrics.loss"].to_pylist() == [0.5, None, 0.25]
    assert json.loads(table["InputDataConfig"].to_pylist()[2]) == JOBS[0]["InputDataConfig"]


def test_parquet_and_arrow_read_back_equal(run: Run) -> None:
    assert run("search", "jobs.jsonl", "-o", "jobs.parquet").exit_code == 0
    assert run("search", "jobs.jsonl", "-o", "jobs.arrow").exit_code == 0
    table = pq.read_table("jobs.parquet")
    with pa.ipc.open_file("jobs.arrow") as file:
        assert file.read_all().equals(table)
    assert table["TrainingJobName"].to_pylist() == NEWEST_FIRST
    assert table.schema.field("HyperParameters.lr").type == pa.float64()
    assert table.schema.field("HyperParameters.epochs").type == pa.int64()
    assert table.schema.field("CreationTime").type == pa.timestamp("us", "UTC")
    assert table["CreationTime"].to_pylist()[0] == datetime(2024, 1, 3, 10, tzinfo=UTC)


def test_every_format_agrees_on_the_names(run: Run) -> None:
    def column(form: str) -> str:
        return run("search", "jobs.jsonl", "-f", form, "-c", "TrainingJobName").stdout

    assert [json.loads(line)["TrainingJobName"] for line in column("jsonl").splitlines()] == NEWEST_FIRST
    assert [row["TrainingJobName"] for row in json.loads(column("json"))] == NEWEST_FIRST
    for form in ("csv", "tsv", "table"):
        assert column(form).split()[1:] == NEWEST_FIRST
    assert [line.strip("| ") for line in column("md").splitlines()[2:]] == NEWEST_FIRST


def test_numbers_keep_their_digits(run: Run, folder: Path) -> None:
    line = json.dumps(
        job("big", "Completed", 1, BillableTimeInSeconds=7, FinalMetricDataList=[{"MetricName": "m", "Value": 1}])
    )
    line = line.replace(": 7", ": 12345678901234567890123").replace('"Value": 1', '"Value": 0.12345678901234567890123')
    (folder / "big.jsonl").write_text(line)
    for form in ("jsonl", "json", "csv", "table"):
        written = run("search", "big.jsonl", "-f", form, "-c", "BillableTimeInSeconds,Metrics.m").stdout
        assert "12345678901234567890123" in written
        assert "0.12345678901234567890123" in written
    run("search", "big.jsonl", "-o", "big.parquet")
    assert pq.read_table("big.parquet")["BillableTimeInSeconds"].to_pylist() == [Decimal(12345678901234567890123)]


def test_not_a_number_is_written_as_the_wire_does(run: Run, folder: Path) -> None:
    (folder / "nan.jsonl").write_text(
        json.dumps(job("nan", "Completed", 1, FinalMetricDataList=[{"MetricName": "m", "Value": math.nan}]))
    )
    assert json.loads(run("search", "nan.jsonl", "-c", "Metrics.m").stdout) == {"Metrics.m": "NaN"}
    run("search", "nan.jsonl", "-o", "nan.parquet")
    assert math.isnan(pq.read_table("nan.parquet")["Metrics.m"].to_pylist()[0])


def test_pages_go_on_across_runs(run: Run) -> None:
    names: list[str] = []
    token: list[str] = []
    for _ in range(3):
        page = json.loads(run("search", "jobs.jsonl", "-f", "aws", "--page-size", "1", *token).stdout)
        names += [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]
        assert page["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}
        token = ["--next-token", page.get("NextToken", "")]
    assert names == NEWEST_FIRST
    assert token == ["--next-token", ""]


def test_a_token_of_other_records_is_refused(run: Run, folder: Path) -> None:
    page = json.loads(run("search", "jobs.jsonl", "-f", "aws", "--page-size", "1").stdout)
    write(folder / "jobs.jsonl", *JOBS, job("new", "Completed", 4))
    done = run("search", "jobs.jsonl", "-f", "aws", "--page-size", "1", "--next-token", page["NextToken"])
    assert done.exit_code == 2
    assert done.stderr.startswith("error: NextToken: ")


@pytest.mark.parametrize("form", ["jsonl", "json", "aws"])
@pytest.mark.parametrize("source", ["jobs.jsonl", "awkward"])
def test_a_store_has_the_bytes_of_the_dump(run: Run, repository: Path, folder: Path, source: str, form: str) -> None:
    dump = repository / "data" / "awkward" if source == "awkward" else folder / source
    run("index", dump, "-o", "store", "-q")
    arguments = ["{}", "-f", form, *(["--page-size", "100"] if form == "aws" else []), "-q"]
    assert run("search", "store", *arguments).stdout == run("search", dump, *arguments).stdout


def test_all_pages_are_one_response(run: Run) -> None:
    page = json.loads(run("search", "jobs.jsonl", "-f", "aws", "--all").stdout)
    assert [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]] == NEWEST_FIRST
    assert "NextToken" not in page


def test_a_request_is_answered_with_all_its_members(run: Run) -> None:
    request = {
        "Resource": "TrainingJob",
        "VisibilityConditions": [{"Key": "Tags.team", "Value": "nlp"}],
        "MaxResults": 5,
    }
    page = json.loads(run("search", "jobs.jsonl", json.dumps(request), "-f", "aws").stdout)
    assert [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]] == ["dog-1", "cat-2"]
    refused = run("search", "jobs.jsonl", json.dumps(request), "-f", "names")
    assert refused.exit_code == 2
    assert "-f aws" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--all", "-n", "3"],
        ["-f", "aws", "-n", "3"],
        ["-f", "aws", "-c", "TrainingJobName"],
        ["-f", "names", "-c", "TrainingJobName"],
        ["--page-size", "3"],
        ["--next-token", "x"],
        ["-f", "aws", "--all", "--page-size", "3"],
        ["-f", "aws", "NOT BillableTimeInSeconds < 5"],
        ["-n", "-1"],
        ["-f", "xml"],
    ],
)
def test_options_that_contradict_are_refused(run: Run, arguments: list[str]) -> None:
    done = run("search", "jobs.jsonl", *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")


def test_nothing_found_is_success_unless_asked(run: Run) -> None:
    assert run("search", "jobs.jsonl", "status = Stopped").exit_code == 0
    assert run("search", "jobs.jsonl", "status = Stopped", "-e").exit_code == 1
    assert run("search", "jobs.jsonl", "status = Failed", "-e").exit_code == 0
    assert run("count", "jobs.jsonl", "status = Stopped", "-e").exit_code == 1


def test_quiet_says_nothing_but_errors(run: Run) -> None:
    assert run("search", "jobs.jsonl", "Metrics.los > 1", "-f", "table", "-q").stderr == ""
    assert run("search", "jobs.jsonl", "a b", "-q").stderr.startswith("error: ")


def test_an_overruled_resource_is_told(run: Run) -> None:
    done = run("search", "jobs.jsonl", "FROM TrainingJob", "-r", "model", "-f", "names")
    assert done.stdout.split() == NEWEST_FIRST
    assert "-r Model was not heeded" in done.stderr


def test_a_wildcard_that_matches_nothing_is_told(run: Run) -> None:
    done = run("search", "jobs.jsonl", "-c", "Foo*")
    assert done.exit_code == 2
    assert "columns: No TrainingJob record here has a property that matches Foo*." in done.stderr


def test_a_wildcard_that_only_other_records_match_adds_no_column_to_the_table(run: Run) -> None:
    done = run("search", "jobs.jsonl", "status = Stopped", "-c", "name,Metrics.*", "-f", "csv")
    assert (done.exit_code, done.stdout) == (0, "TrainingJobName\n")
    assert "nothing matches" in done.stderr
    assert run("search", "jobs.jsonl", "status = Stopped", "-c", "Metrics.*", "-f", "csv").stdout == "TrainingJobName\n"


def test_a_file_is_replaced_whole_or_not_at_all(run: Run, folder: Path) -> None:
    (folder / "out.csv").write_text("old")
    (folder / "out.csv").chmod(0o640)
    assert run("search", "jobs.jsonl", "nonsense", "-o", "out.csv").exit_code == 2
    assert run("search", "jobs.jsonl", "-c", "Nope", "-o", "out.csv").exit_code == 2
    assert (folder / "out.csv").read_text() == "old"
    assert run("search", "jobs.jsonl", "-o", "out.csv").exit_code == 0
    assert (
        (folder / "out.csv")
        .read_text()
        .startswith("TrainingJobName,TrainingJobStatus,CreationTime,LastModifiedTime,Metrics.loss,")
    )
    assert (folder / "out.csv").stat().st_mode & 0o777 == 0o640
    assert {path.name for path in folder.iterdir()} == {"jobs.jsonl", "out.csv"}


def test_a_file_that_cannot_be_written_is_an_error_of_data(run: Run) -> None:
    done = run("search", "jobs.jsonl", "-o", "no/such/folder/out.csv")
    assert done.exit_code == 3
    assert done.stderr == "error: no/such/folder/out.csv: No such file or directory\n"
