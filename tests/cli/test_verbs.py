"""What holds for `describe`, `schema`, `count` and the command itself."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from smsearch.cli.arguments import comma_separated
from smsearch.cli.verbs import VERBS
from tests.cli.conftest import ACCOUNT, JOBS, job

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_every_verb_has_help(run: Run) -> None:
    listed = run("--help")
    assert listed.exit_code == 0
    for verb in VERBS:
        assert f"\n  {verb} " in listed.stdout
        assert run(verb, "--help").stdout.startswith(f"Usage: smsearch {verb} ")


def test_what_is_no_verb_is_refused(run: Run) -> None:
    done = run("serach", "jobs.jsonl")
    assert done.exit_code == 2
    assert "search" in done.stderr


@pytest.mark.parametrize("arguments", [["index", "jobs.jsonl"], ["archive", "jobs.jsonl"], ["export"]], ids=" ".join)
def test_an_option_that_is_required_is_missed(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    told = f"error: Missing option '-o' / '--output'.\nhint: see `smsearch {arguments[0]} --help`\n"
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", told)


@pytest.mark.parametrize("arguments", [["search", "jobs.jsonl"], ["values", "jobs.jsonl", "status"]], ids=" ".join)
def test_a_limit_beyond_all_numbers_of_records_is_refused(run: Run, arguments: list[str]) -> None:
    done = run(*arguments, "-n", "9" * 20)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{'9' * 20} is more than {sys.maxsize}" in done.stderr


def test_a_record_is_found_by_name_and_by_arn(run: Run) -> None:
    by_name = run("describe", "jobs.jsonl", "cat-2")
    assert json.loads(by_name.stdout)["FailureReason"] == JOBS[1]["FailureReason"]
    assert run("describe", "jobs.jsonl", f"{ACCOUNT}:training-job/cat-2").stdout == by_name.stdout
    assert run("describe", "cat-2", env={"SMSEARCH_DATA": "jobs.jsonl"}).stdout == by_name.stdout


def test_all_of_a_name_are_written(run: Run, folder: Path) -> None:
    other = {**JOBS[0], "TrainingJobArn": f"{ACCOUNT.replace('111122223333', '444455556666')}:training-job/cat-1"}
    (folder / "other.json").write_text(json.dumps(other))
    done = run("describe", "jobs.jsonl", "other.json", "cat-1")
    assert done.exit_code == 0
    assert done.stdout.count('"TrainingJobName": "cat-1"') == 2
    assert done.stderr == "note: 2 records are called cat-1 (TrainingJob)\n"


def test_a_name_of_another_kind_is_not_there(run: Run) -> None:
    assert run("describe", "jobs.jsonl", "cat-1", "-r", "trainingjob").exit_code == 0
    assert run("describe", "jobs.jsonl", "cat-1", "-r", "Endpoint").exit_code == 3


def test_a_record_goes_to_a_file(run: Run, folder: Path) -> None:
    assert run("describe", "jobs.jsonl", "cat-1", "-o", "cat.json").stdout == ""
    assert json.loads((folder / "cat.json").read_text())["TrainingJobName"] == "cat-1"


def test_the_environment_names_what_is_told_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("index", "jobs.jsonl", "-q", "-o", "jobs.store").exit_code == 0
    monkeypatch.setenv("SMSEARCH_DATA", "jobs.store")
    assert run("check").stdout == "ok\n"
    assert run("info").stdout == run("info", "jobs.store").stdout
    monkeypatch.setenv("SMSEARCH_DATA", "jobs.store:jobs.jsonl")
    assert "one source at a time" in run("check").stderr
    monkeypatch.delenv("SMSEARCH_DATA")
    for verb in ("check", "info"):
        assert run(verb).exit_code == 2
        assert "no source" in run(verb).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("index", "jobs.jsonl", "-o", ""), "-o takes the name of a folder, and it is empty"),
        (("archive", "jobs.jsonl", "-o", ""), "-o takes the name of a folder, and it is empty"),
        (("check", ""), "no source"),
        (("info", ""), "no source"),
        (("facet", "jobs.jsonl", ""), "no name: say which property"),
        (("count", "jobs.jsonl", "-r", ""), "There is no kind of record ''"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("folder")
def test_an_empty_argument_is_refused_and_is_not_the_current_folder(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_numbers_that_differ_are_written_to_the_last_digit(run: Run, folder: Path) -> None:
    seconds = (7 * 10**30, 8)
    metrics = (["loss", "Infinity"], ["loss", "NaN"])
    lines = (
        f'{{"TrainingJobName": "{name}", "BillableTimeInSeconds": {number}, '
        f'"FinalMetricDataList": [{{"MetricName": "{metric}", "Value": {value}}}]}}'
        for name, number, (metric, value) in zip("ab", seconds, metrics, strict=True)
    )
    (folder / "two.jsonl").write_text("\n".join(lines))
    for form, infinite in (("table", "Infinity"), ("md", "Infinity"), ("json", '"Infinity"'), ("jsonl", '"Infinity"')):
        done = run("diff", "two.jsonl", "a", "b", "-f", form)
        assert done.exit_code == 0, done.stderr
        assert f"7{'0' * 30}" in done.stdout
        assert infinite in done.stdout


def test_schema_without_records_is_the_catalogue(run: Run) -> None:
    rows = [json.loads(line) for line in run("schema").stdout.splitlines()]
    status = next(row for row in rows if row["Name"] == "TrainingJobStatus")
    assert status["Type"] == "text"
    assert "Failed" in status["Values"]
    assert any(row["Name"] == "Tags.<name>" for row in rows)


@pytest.mark.parametrize("arguments", [["Endpoint"], ["endpoint"], ["-r", "ENDPOINT"]])
def test_schema_of_a_resource(run: Run, arguments: list[str]) -> None:
    assert '"EndpointName"' in run("schema", *arguments).stdout
    assert run("schema", *arguments).stdout == run("schema", "Endpoint").stdout


@pytest.mark.parametrize("arguments", [["trial"], ["-r", "trial"], ["-r", "TRIAL"], ["experiment_trial"]])
def test_a_resource_has_the_name_of_its_records_too(run: Run, arguments: list[str]) -> None:
    assert run("schema", *arguments).stdout == run("schema", "-r", "ExperimentTrial").stdout


@pytest.mark.parametrize("part", ["epo", "EPOCHS", "parameters.epo", "hyper_parameters.epochs"])
def test_the_schema_finds_any_part_of_a_name(run: Run, part: str) -> None:
    assert [line.partition(",")[0] for line in run("schema", "jobs.jsonl", part, "-f", "csv").stdout.splitlines()] == [
        "Name",
        "HyperParameters.epochs",
    ]


@pytest.mark.parametrize("written", ['Tags."team"', '"Tags.team"', '"team"'])
def test_values_takes_a_name_in_quotes_as_facet_does(run: Run, written: str) -> None:
    done = run("values", "jobs.jsonl", written)
    assert done.stdout == run("values", "jobs.jsonl", "Tags.team").stdout != ""
    assert run("facet", "jobs.jsonl", written).stdout == run("facet", "jobs.jsonl", "Tags.team").stdout


def test_a_part_of_no_name_is_told(run: Run) -> None:
    done = run("schema", "jobs.stroe")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == (
        "no property's name holds 'jobs.stroe'\n"
        "hint: there is no file or folder of that name, so it was taken as a part of a name\n"
    )
    assert "did you mean HyperParameters.epochs?" in run("schema", "jobs.jsonl", "HyperParameters.epocs").stderr
    assert run("values", "jobs.jsonl", "status", "Z").stderr == "no value of TrainingJobStatus begins with 'Z'\n"
    assert run("values", "jobs.jsonl", "Tags.taem").stderr == (
        "warning: no TrainingJob record has Tags.taem; did you mean Tags.team?\n"
    )


def test_schema_says_what_it_left_out(run: Run) -> None:
    few = run("schema", "jobs.jsonl", "-f", "csv")
    assert "more that none has: --all" in few.stderr
    whole = run("schema", "jobs.jsonl", "-f", "csv", "--all")
    assert whole.stderr == ""
    assert whole.stdout.startswith(few.stdout)
    assert "\nRoleArn,text,0,0%,0,,\n" in whole.stdout
    assert "\nTags,structure,2,67%,,,\n" in whole.stdout


def test_schema_of_no_records(run: Run, folder: Path) -> None:
    (folder / "none.jsonl").write_text("")
    done = run("schema", "none.jsonl", "-r", "Model", "-f", "json")
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "md"])
def test_schema_agrees_in_every_format(run: Run, form: str) -> None:
    written = run("schema", "jobs.jsonl", "TrainingJob", "-r", "TrainingJob", "-f", form, "-q").stdout
    assert [name for name in ("TrainingJobArn", "TrainingJobName", "TrainingJobStatus") if name in written] == [
        "TrainingJobArn",
        "TrainingJobName",
        "TrainingJobStatus",
    ]
    assert "CreationTime" not in written


def test_a_query_is_refused_before_any_source_is_read(run: Run) -> None:
    done = run("search", "nowhere.jsonl", "status => Failed")
    assert done.exit_code == 2
    assert "There is no operator '=>'." in done.stderr


def test_count_is_what_search_gives(run: Run) -> None:
    for query in ("", "status = Completed", "LIMIT 2", "status = Stopped"):
        names = run("search", "jobs.jsonl", query, "-f", "names").stdout.splitlines()
        assert run("count", "jobs.jsonl", query).stdout == f"{len(names)}\n"


def test_a_resource_is_guessed_from_what_is_there(run: Run, folder: Path) -> None:
    (folder / "e.json").write_text(json.dumps({"Results": [{"Experiment": {"ExperimentName": "e"}}]}))
    assert run("search", "e.json", "-f", "names").stdout == "e\n"
    assert run("search", "e.json", "jobs.jsonl", "-f", "names", "-r", "experiment").stdout == "e\n"
    assert run("count", "e.json", "jobs.jsonl").stdout == "3\n"


def test_a_broken_line_is_told_and_the_rest_is_done_in_part(run: Run, folder: Path) -> None:
    (folder / "broken.jsonl").write_text(
        json.dumps(JOBS[0]) + '\n{"TrainingJobName": "cut\n' + json.dumps(JOBS[1]) + "\n"
    )
    done = run("search", "broken.jsonl", "-f", "names")
    assert done.stdout.split() == ["cat-2", "cat-1"]
    assert done.exit_code == 4
    assert done.stderr.count("\n") <= 2
    assert "1" in done.stderr
    assert run("count", "broken.jsonl", "-q").stderr == ""
    assert run("count", "broken.jsonl", "status = Stopped", "-e").exit_code == 1
    assert run("describe", "broken.jsonl", "cat-1").exit_code == 4
    assert run("schema", "broken.jsonl").exit_code == 4


def test_superseded_records_are_no_reason_for_4(run: Run) -> None:
    done = run("count", "jobs.jsonl", "jobs.jsonl", "./jobs.jsonl")
    assert (done.stdout, done.exit_code) == ("3\n", 0)


def test_a_report_is_written_when_asked_for(run: Run, folder: Path) -> None:
    (folder / "older.json").write_text(json.dumps(job("cat-1", "InProgress", 1, LastModifiedTime="2023-01-01")))
    report = json.loads(run("count", "jobs.jsonl", "older.json", "Tags.x = y", "-q", "--report", "json").stderr)
    assert isinstance(report, dict)
    assert "superseded" in json.dumps(report)
    assert "superseded" in run("count", "jobs.jsonl", "older.json", "--report", "text").stderr


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["a,b", "c"], ("a", "b", "c")),
        (["a , b,,"], ("a", "b")),
        (['HyperParameters."batch, size",b'], ("HyperParameters.batch, size", "b")),
        (['Tags."say ""hi"""'], ('Tags.say "hi"',)),
        ([], ()),
    ],
)
def test_names_of_columns(written: list[str], names: tuple[str, ...]) -> None:
    assert comma_separated(written) == names
