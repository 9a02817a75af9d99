"""`smsearch convert`: what goes in comes out again, quoted for where it is going."""

from __future__ import annotations

import ast
import contextlib
import json
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.dialects import aws_command, boto3_call
from smsearch.errors import RequestError

if TYPE_CHECKING:
    from tests.cli.conftest import Run

TWENTY_LINES = Path(__file__).parent.parent / "syntax" / "twenty_lines.txt"
AWKWARD = "it's \"$HOME\" `x` \\ \n\t!é 'quoted'"


def converted(run: Run, query: str, *arguments: str) -> str:
    done = run("convert", query, *arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout.removesuffix("\n")


@pytest.mark.skipif(not TWENTY_LINES.exists(), reason="the twenty lines are not there")
def test_every_line_of_the_language_goes_through_every_form(run: Run) -> None:
    lines = [line for line in TWENTY_LINES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) >= 20
    for line in lines:
        if "ago(" in line:  # is another moment each time
            continue
        text = converted(run, converted(run, line, "--to", "json", "-r", "TrainingJob", "-q"), "--to", "text")
        for form in ("aws", "boto3"):
            there = converted(run, text, "--to", form)
            assert converted(run, there, "--to", "text") == text, line
            assert converted(run, there, "--to", form) == there


@pytest.mark.parametrize("form", ["json", "aws", "boto3"])
def test_awkward_values_survive_every_form(run: Run, form: str) -> None:
    members = {
        "Resource": "TrainingJob",
        "SearchExpression": {
            "Filters": [{"Name": f"Tags.{AWKWARD}", "Operator": "Equals", "Value": AWKWARD}],
            "Operator": "And",
        },
    }
    there = converted(run, json.dumps(members), "--to", form)
    assert json.loads(converted(run, there, "--to", "json")) == members


def test_a_shell_takes_the_command_apart_as_we_do(run: Run) -> None:
    command = converted(
        run, json.dumps({"Filters": [{"Name": "Tags.x", "Operator": "Equals", "Value": AWKWARD}]}), "--to", "aws"
    )
    script = f"aws() {{ printf '%s\\0' \"$@\"; }}\n{command}"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True)
    words = done.stdout.decode().split("\0")
    assert words[:4] == ["sagemaker", "search", "--resource", "TrainingJob"]
    assert json.loads(words[5])["Filters"][0]["Value"] == AWKWARD


def test_the_call_is_python(run: Run) -> None:
    call = converted(run, f"Tags.x = {shlex.quote('a')} LIMIT 3", "--to", "boto3")
    (statement,) = ast.parse(call).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert {keyword.arg for keyword in statement.value.keywords} == {"Resource", "SearchExpression", "MaxResults"}


@pytest.mark.parametrize(
    ("query", "aws", "boto3"),
    [
        ("status = Failed LIMIT 5", "--max-results 5", "MaxResults=5"),
        ("status = Failed LIMIT 100", "--max-results 100", "MaxResults=100"),
        ("status = Failed LIMIT 101", "--max-items 101", 'PaginationConfig={"MaxItems": 101}'),
    ],
)
def test_a_limit_stays_one(run: Run, query: str, aws: str, boto3: str) -> None:
    for form, expected in (("aws", aws), ("boto3", boto3)):
        there = converted(run, query, "--to", form)
        assert expected in there
        assert converted(run, there, "--to", "text").endswith(query.rpartition(" LIMIT")[2])


def test_no_limit_is_every_page(run: Run) -> None:
    assert 'get_paginator("search").paginate(' in converted(run, "status = Failed", "--to", "boto3")
    assert "--max" not in converted(run, "status = Failed", "--to", "aws")


def test_whole_only_where_more_than_conditions_was_said(run: Run) -> None:
    assert json.loads(converted(run, "status = Failed")).keys() == {"Filters", "Operator"}
    assert json.loads(converted(run, "status = Failed", "-r", "endpoint"))["Resource"] == "Endpoint"
    assert json.loads(converted(run, "")) == {"Resource": "TrainingJob"}
    assert json.loads(converted(run, "", "--to", "json")) == {"Resource": "TrainingJob"}


def test_aliases_are_written_out_for_the_resource(run: Run) -> None:
    expected = {"TrainingJob": "TrainingJobStatus", "ExperimentTrialComponent": "Status.PrimaryStatus"}
    for resource, name in expected.items():
        written = json.loads(converted(run, "status = Failed", "-r", resource))
        assert written["SearchExpression"]["Filters"][0]["Name"] == name


def test_what_is_lost_is_told(run: Run) -> None:
    assert "no SELECT" in run("convert", "SELECT TrainingJobName WHERE status = Failed").stderr
    request = {"Resource": "Model", "VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}]}
    assert "VisibilityConditions" in run("convert", json.dumps(request)).stderr
    assert "LIMIT 500 is left out" in run("convert", "status = Failed LIMIT 500").stderr
    assert run("convert", "status = Failed LIMIT 500", "-q").stderr == ""


def test_members_without_text_survive_other_forms(run: Run) -> None:
    request = {
        "Resource": "Model",
        "VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}],
        "CrossAccountFilterOption": "CrossAccount",
        "NextToken": "abc",
    }
    for form in ("aws", "boto3"):
        there = converted(run, json.dumps(request), "--to", form)
        assert json.loads(converted(run, there, "--to", "json")) == request


def test_files_are_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text('{"Filters": [{"Name": "ModelName", "Value": "m"}]}')
    (tmp_path / "call.py").write_text(
        "import boto3\n\nclient = boto3.client('sagemaker')\nfor page in client.get_paginator('search').paginate(\n"
        "    Resource='Endpoint',\n"
        "    SearchExpression={'Filters': [{'Name': 'EndpointStatus', 'Value': 'Failed'}]},\n"
        "):\n    print(page)\n"
    )
    assert converted(run, f"@{tmp_path}/call.py") == "FROM Endpoint WHERE EndpointStatus = 'Failed'"
    expression = f"--search-expression file://{tmp_path}/e.json"
    command = f"$ aws --region eu-west-1 sagemaker search --resource=Model {expression} --output json"
    assert converted(run, command) == "FROM Model WHERE ModelName = 'm'"
    cli_input = '{"Resource": "Model", "SortBy": "CreationTime"}'
    command = f"aws sagemaker search --sort-by ModelName --cli-input-json '{cli_input}'"
    assert converted(run, command) == "FROM Model ORDER BY ModelName DESC"


@pytest.mark.parametrize(
    ("filters", "row"),
    [
        ([{"Name": "TrainingJobName", "Operator": "Contains", "Value": "a"}] * 2, "E3"),
        ([{"Name": "TrainingJobName", "Value": "a"}] * 21, "E2"),
        ([], "E2"),
        ([{"Name": "TrainingJobName", "Value": "a\n"}], "E2"),
        ([{"Name": "TrainingJobName", "Operator": "Equals"}], "F3"),
        ([{"Name": "Nowhere", "Value": "a"}], "F6"),
        ([{"Name": "TrainingJobName", "Operator": "GreaterThan", "Value": "1"}], "F9"),
        ([{"Name": "BillableTimeInSeconds", "Operator": "Contains", "Value": "1"}], "F10"),
        ([{"Name": "TrainingJobName", "Operator": "In", "Value": "a,,b"}], "F11"),
        ([{"Name": "BillableTimeInSeconds", "Value": "many"}], "F13"),
        ([{"Name": "HyperParameters.lr", "Operator": "LessThan", "Value": "small"}], "F14"),
        ([{"Name": "CreationTime", "Value": "soon"}], "F20"),
        ([{"Name": "EnableManagedSpotTraining", "Value": "yes"}], "F21"),
        ([{"Name": "InputDataConfig", "Value": "train"}], "F22"),
    ],
)
def test_a_refusal_names_its_rule_and_is_no_error_unless_it_is_asked(
    run: Run, filters: list[dict[str, str]], row: str
) -> None:
    written = json.dumps({"Resource": "TrainingJob", "SearchExpression": {"Filters": filters}})
    done = run("convert", written, "--to", "json")
    assert done.exit_code == 0
    assert f"(rule {row} of docs/semantics.md)" in done.stderr
    assert run("convert", written, "--to", "json", "-e").exit_code == 1
    assert run("convert", written, "--to", "json", "-q").stderr == ""


def test_what_the_service_takes_is_said_to_be_taken(run: Run) -> None:
    done = run("convert", "status = Failed AND (TrainingJobName CONTAINS a OR Tags.b CONTAINS c)", "-e")
    assert done.exit_code == 0
    assert "would accept this: 4 of 50 conditions, 1 of 1 limited Contains" in done.stderr


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("aws s3 ls", "not `aws sagemaker search`"),
        ("aws sagemaker search --resource 'Model", "not one of a shell"),
        ("aws sagemaker search --resource", "--resource has no value"),
        ("aws sagemaker search Model", "stray word"),
        ("aws sagemaker search --resource Model --search-expression '{'", "--search-expression is not JSON"),
        ("aws sagemaker search --resource Model --max-results many", "--max-results is no number"),
        ("aws sagemaker search --resource Modle", "enum value set"),
        ("aws sagemaker search --search-expression 'Filters=[{Name=a'", "neither JSON nor shorthand"),
        ("client.search(Resource=kind)", "Resource is not a literal"),
        ("client.search(Resource='Model')\nclient.search(Resource='Image')", "2 calls"),
        ("client.search(Resource='Model', Foo=1)", "Unknown parameter 'Foo'"),
        ("client.search({'Resource': 'Model'})", "an argument without a name"),
        ("client.search(Resource='Model', SortBy='\\ud800')", "SortBy is not Unicode text"),
        ("client.search(**['Model'])", "What stands after ** is no dictionary"),
        ("client.paginate(Resource='Model', PaginationConfig={'MaxItems': -5})", "no number of records: -5"),
        ("client.paginate(Resource='Model', PaginationConfig={'MaxItems': 'x'})", "no number of records: 'x'"),
        ("client.paginate(Resource='Model', PaginationConfig={'MaxItems': True})", "no number of records: True"),
        ('{"Resource": "Model", "MaxItems": "many"}', "MaxItems is no number of records: 'many'"),
        ("aws sagemaker search --cli-input-json '[1]'", "--cli-input-json is not a JSON object"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(run: Run, query: str, message: str) -> None:
    done = run("convert", query)
    assert done.exit_code == 2, done.output
    assert message in done.stderr


def test_a_file_of_a_command_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b"\xff")
    done = run("convert", f"aws sagemaker search --search-expression file://{tmp_path}/latin.json")
    assert done.exit_code == 2, done.output
    assert "latin.json is not UTF-8: invalid start byte at byte 0." in done.stderr
    done = run("convert", "aws sagemaker search --search-expression file://~nobody-here/e.json")
    assert done.exit_code == 3, done.output
    assert "~nobody-here/e.json: No such file" in done.stderr


def test_members_that_text_cannot_say_are_judged_all_the_same(run: Run) -> None:
    done = run("convert", '{"Resource": "Model", "VisibilityConditions": 3}', "--to", "aws")
    assert done.exit_code == 2
    assert "VisibilityConditions" in done.stderr


def test_python_is_never_executed(run: Run, tmp_path: Path) -> None:
    done = run("convert", f"client.search(Resource=open({str(tmp_path / 'made')!r}, 'w').name)")
    assert done.exit_code == 2
    assert not (tmp_path / "made").exists()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
MEMBERS = st.fixed_dictionaries(
    {
        "Resource": st.just("TrainingJob"),
        "SearchExpression": st.fixed_dictionaries(
            {"Filters": st.lists(st.fixed_dictionaries({"Name": TEXTS, "Value": TEXTS}), min_size=1, max_size=3)}
        ),
    },
    optional={"SortBy": TEXTS, "MaxResults": st.integers(1, 100)},
)


@given(MEMBERS)
def test_any_request_survives_both_notations(members: dict[str, Any]) -> None:
    called = boto3_call.write(members)
    assert boto3_call.is_one(called)
    assert boto3_call.read(called) == members
    if "\0" in json.dumps(members, ensure_ascii=False):  # no argument of a command holds it
        return
    command = aws_command.write(members)
    assert aws_command.is_one(command)
    assert aws_command.read(command) == members


@given(st.text(max_size=60))
def test_nothing_but_our_errors_comes_of_any_text(text: str) -> None:
    for written in (
        f"aws sagemaker search {text}",
        f"aws sagemaker search --search-expression {shlex.quote('a=' + text)}",
    ):
        with contextlib.suppress(RequestError, OSError):
            aws_command.read(written)
    boto3_call.is_one(f"search({text})")


@pytest.mark.parametrize("query", ["duration > 2h", "status = Failed AND NOT image_tag = x", "ORDER BY duration"])
def test_a_text_that_names_a_derived_property_is_refused_with_the_reason(run: Run, query: str) -> None:
    for form in ("json", "aws", "boto3"):
        done = run("convert", query, "--to", form)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "is derived: smsearch computes it, and no request can ask for it" in done.stderr
    assert converted(run, query, "--to", "text")


@pytest.mark.parametrize(
    "query", ["SELECT count(*) GROUP BY status", "name NOT CONTAINS a", "ORDER BY status, created"]
)
def test_a_text_that_says_more_than_a_request_is_refused(run: Run, query: str) -> None:
    done = run("convert", query, "--to", "aws")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "The API" in done.stderr
