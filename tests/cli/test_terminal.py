"""What records hold reaches a terminal as text, in every format, and a pipe and a file as it is."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from smsearch.cli import terminal
from smsearch.cli.terminal import TerminalStream

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "\x1b]0;title\x07 \x1b[2J \x1b[31mred \x9b31m \x7f \u202eback\u2066 \r over \x08"
NAME = f"cat{HOSTILE}-1"
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
OWN_STYLES = re.compile(r"\x1b\[(?:0|1|3[0-7])?m")
RECORD = {
    "TrainingJobName": NAME,
    "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{NAME}",
    "TrainingJobStatus": "Failed",
    "CreationTime": "2024-01-01T10:00:00Z",
    "FailureReason": HOSTILE,
    "HyperParameters": {f"key{HOSTILE}": f"value{HOSTILE}"},
    "Tags": [{"Key": f"team{HOSTILE}", "Value": HOSTILE}],
}
RUN = """
import sys
from smsearch.cli import main as cli
for words in {commands!r}:
    sys.argv = ["smsearch", *words]
    try:
        cli.main()
    except SystemExit:
        pass
    sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "jobs.jsonl"
    lines = [RECORD, {**RECORD, "TrainingJobName": "dog", "TrainingJobArn": "arn:dog", "FailureReason": "x"}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def shown(commands: list[list[str]], **environment: str) -> str:
    """What one process writes to a terminal, of both outputs, for some command lines one after another."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN.format(commands=commands)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    output = b""
    try:
        while chunk := os.read(ours, 65_536):
            output += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    process.wait()
    return output.decode().replace("\r\n", "\n")


def commands_of(dump: Path) -> list[list[str]]:
    file = str(dump)
    searches = ("table", "long", "jsonl", "json", "aws", "csv", "tsv", "md", "names")
    values = ("table", "jsonl", "json", "csv", "tsv", "md", "names")
    return [
        *(["search", file, "-f", form] for form in searches),
        ["search", file, "-f", "table", "-c", "name,FailureReason,HyperParameters.*,Tags.*"],
        *(["values", file, "FailureReason", "-f", form] for form in values),
        *(["facet", file, "FailureReason", "Tags", "-f", form] for form in ("table", "json", "csv", "md")),
        *(["group", file, "FailureReason", "-f", form] for form in ("table", "long", "jsonl", "csv", "md")),
        *(["schema", file, "-f", form] for form in ("table", "json", "csv", "md")),
        *(["diff", file, NAME, "dog", "-f", form] for form in ("table", "json", "md")),
        ["describe", file, NAME],
        ["describe", file, f"no{HOSTILE}"],
        ["why", file, NAME, f"FailureReason = '{HOSTILE}'"],
        ["explain", file, f"FailureReason = '{HOSTILE}'"],
        ["count", file, f"FailureReason = 'x{HOSTILE}'"],
        ["count", file, "status = Failed GROUP BY FailureReason"],
        ["convert", f"FailureReason = '{HOSTILE}'"],
        ["search", file, f"nothing{HOSTILE} ="],
        ["search", f"no{HOSTILE}.jsonl", "-c", "name"],
        ["search", file, f"--no{HOSTILE}"],
    ]


def test_no_control_of_a_record_reaches_a_terminal(dump: Path) -> None:
    commands = commands_of(dump)
    drawn = [words for words in commands if words[-1] in {"table", "long"}]
    for text in (shown(commands, NO_COLOR="1"), OWN_STYLES.sub("", shown(drawn, NO_COLOR=""))):
        assert text.count("[2J") > 10, "the records are shown"
        assert OBEYED.findall(text) == []


def test_colours_of_a_table_reach_a_terminal_and_those_of_a_record_do_not(dump: Path) -> None:
    text = shown([["search", str(dump), "-f", "table", "-c", "name,status,FailureReason"]], NO_COLOR="")
    assert "\x1b[1m" in text
    assert "\\x1b[31mred" in text


def test_json_on_a_terminal_is_json(dump: Path) -> None:
    text = shown([["search", str(dump), "name CONTAINS cat", "-f", "jsonl", "-q"]])
    document = json.loads(text)
    assert (document["TrainingJobName"], document["FailureReason"]) == (NAME, HOSTILE)


@pytest.mark.parametrize("form", ["names", "csv", "tsv", "jsonl"])
def test_a_pipe_gets_the_data_as_it_is(dump: Path, form: str) -> None:
    command = [sys.executable, "-m", "smsearch", "values" if form == "names" else "search", str(dump)]
    command += ["FailureReason"] if form == "names" else []
    done = subprocess.run([*command, "-f", form], cwd=ROOT, capture_output=True, check=True)
    expected = json.dumps(HOSTILE, ensure_ascii=False) if form == "jsonl" else HOSTILE
    assert expected in done.stdout.decode()


def test_a_screen_writes_what_the_terminal_has_no_character_for_as_an_escape() -> None:
    beneath = io.BytesIO()
    stream = TerminalStream(beneath, "latin-1")
    assert stream.write("é\u2603\x1b\tx\n".encode()) == 9
    stream.write(b"\xff\xfe")
    assert beneath.getvalue() == b"\xe9\\u2603\\u001b\tx\n\\xff\\xfe"


def test_a_table_keeps_its_styles_and_nothing_else() -> None:
    beneath = io.BytesIO()
    TerminalStream(beneath, "utf-8", keeps_styles=True).write(b"\x1b[1;31mred\x1b[0m\x1b[2J\x1b]0;t\x07")
    assert beneath.getvalue() == b"\x1b[1;31mred\x1b[0m\\u001b[2J\\u001b]0;t\\u0007"


def test_what_is_no_terminal_has_no_screen() -> None:
    stream = io.BytesIO()
    assert terminal.in_front_of(cast("BinaryIO", stream)) is stream
