"""Tables on terminals of four widths: each fits, and shows word for word what `golden_widths/*.txt` has.

A file is a command, and what a terminal shows; its name ends in the width.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.writers.screen_text import width_of
from tests.cli.conftest import ACCOUNT, job
from tests.cli.here import on_terminal_here

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTHS = (80, 100, 120, 200)
GOLDEN = sorted((Path(__file__).parent / "golden_widths").glob("*.txt"))
MILLISECONDS = re.compile(r"\(\d+ ms\)")
TABLES = {
    "search": ("search", "wide.jsonl"),
    "failures": ("search", "wide.jsonl", "status = Failed ORDER BY name"),
    "best": ("search", "wide.jsonl", "status = Completed ORDER BY Metrics.validation:accuracy DESC"),
    "chosen": ("search", "wide.jsonl", "-c", "name,Metrics.*,HyperParameters.*", "-n", "2"),
    "long": ("search", "wide.jsonl", "-f", "long"),
    "models": ("search", "wide.jsonl", "-r", "ModelPackage"),
    "facet": ("facet", "wide.jsonl", "FailureReason", "TrainingJobArn", "CreationTime"),
    "schema": ("schema", "wide.jsonl"),
    "diff": ("diff", "wide.jsonl", "fraud-resnet-2024-12-26-04-53-28-032", "fraud-resnet-2024-12-26-04-53-28-099"),
    "values": ("values", "wide.jsonl", "TrainingJobArn"),
}


def _wide(number: int, status: str, **more: object) -> dict[str, Any]:
    keys = ("epochs", "learning_rate", "batch_size", "optimizer", "weight_decay", "momentum", "num_layers", "warmup")
    return job(
        f"fraud-resnet-2024-12-26-04-53-28-{number:03}",
        status,
        number % 28 + 1,
        TrainingStartTime="2024-02-01T00:00:00Z",
        TrainingEndTime="2024-02-01T01:46:08Z",
        ResourceConfig={"InstanceType": "ml.p3.16xlarge", "InstanceCount": 2},
        HyperParameters=dict.fromkeys(keys, f"0.{number}123456789") | {"sagemaker_program": '"train.py"'},
        FinalMetricDataList=[
            {"MetricName": name, "Value": number / 700}
            for name in ("validation:accuracy", "train:loss")[: 2 - number % 2]
        ],
        **more,
    )


DUMP = (
    _wide(32, "Failed", FailureReason="ClientError: \x1b[2Jno file s3://acme-fraud/" + "train/" * 30),
    _wide(99, "Failed", FailureReason="AlgorithmError: exit code 1"),
    _wide(40, "Completed"),
    _wide(41, "InProgress", RoleArn=f"{ACCOUNT}:role/日本語"),
    {
        "ModelPackageGroupName": "fraud",
        "ModelPackageVersion": 3,
        "ModelPackageArn": f"{ACCOUNT}:model-package/fraud/3",
        "ModelPackageStatus": "Completed",
        "CreationTime": "2024-01-01T10:00:00Z",
    },
)


@pytest.fixture(autouse=True)
def wide(folder: Path) -> None:
    lines = "".join(json.dumps(document) + "\n" for document in DUMP)
    (folder / "wide.jsonl").write_text(lines, encoding="utf-8")


def shown(arguments: tuple[str, ...], width: int, **environment: str) -> str:
    screen, code = on_terminal_here(*arguments, columns=width, NO_COLOR="1", **environment)
    assert code == 0, screen
    return MILLISECONDS.sub("(N ms)", screen.partition("\n")[2])  # without what was read


def _headings(line: str) -> Iterator[str]:
    return (heading for heading in re.split(r"\s{2,}", line.strip()) if heading)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_fits_its_terminal(name: str, width: int) -> None:
    screen = shown(TABLES[name], width)
    assert screen
    assert all(line.isprintable() for line in screen.splitlines()), "nothing of a record commands the terminal"
    too_wide = [line for line in screen.splitlines() if width_of(line) > width and "matches in" not in line]
    assert not too_wide


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_table_is_what_is_written(path: Path) -> None:
    command, _, expected = path.read_text(encoding="utf-8").partition("\n")
    arguments = tuple(shlex.split(command.removeprefix("$ smsearch ")))
    assert shown(arguments, int(path.stem.rpartition("-")[2])) == expected


def test_there_is_a_table_of_each_width() -> None:
    assert {int(path.stem.rpartition("-")[2]) for path in GOLDEN} == set(WIDTHS)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_two_headings_are_equal(width: int) -> None:
    for name in ("search", "failures", "best"):
        lines = shown(TABLES[name], width).splitlines()
        heading = next(line for line in lines if line.startswith("name "))
        names = list(_headings(heading))
        assert len(names) == len(set(names)) > 2, name


def test_a_difference_is_shown_whole() -> None:
    screen = shown(TABLES["diff"], 80)
    assert screen.count("train/") == 30
    assert "\N{HORIZONTAL ELLIPSIS}" not in screen


def test_a_query_about_failures_shows_their_reason_at_every_width() -> None:
    for width in WIDTHS:
        assert "FailureReason" in shown(TABLES["failures"], width)
        assert "ClientError: " in shown(TABLES["failures"], width)


def test_numbers_have_six_digits_on_a_terminal_and_all_elsewhere() -> None:
    chosen = ("search", "wide.jsonl", "-c", "Metrics.validation:accuracy,HyperParameters.momentum", "-n", "1")
    assert "0.141429" in shown(chosen, 100)
    assert "0.991235" in shown(chosen, 100)
    assert "0.99123456789" not in shown(chosen, 100)


def test_chosen_columns_that_do_not_fit_are_written_record_by_record() -> None:
    lines = shown(TABLES["chosen"], 100).splitlines()
    assert lines[0].split() == ["TrainingJobName", "fraud-resnet-2024-12-26-04-53-28-099"]
    assert "" in lines, "a blank line between two records"
    assert shown(TABLES["chosen"], 200).splitlines()[1].startswith("TrainingJobName "), "and in a table where they do"
