"""A small dump, and the command run inside this process with its output split as a shell would split it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.whole_command import invoke

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ACCOUNT = "arn:aws:sagemaker:us-east-1:111122223333"


def job(name: str, status: str, day: int, **more: object) -> dict[str, Any]:
    """A training job that was created at ten on a day of January 2024 and changed an hour later."""
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"{ACCOUNT}:training-job/{name}",
        "TrainingJobStatus": status,
        "CreationTime": f"2024-01-{day:02}T10:00:00Z",
        "LastModifiedTime": f"2024-01-{day:02}T11:00:00.250000Z",
        **more,
    }


JOBS = (
    job(
        "cat-1",
        "Completed",
        1,
        HyperParameters={"lr": "0.1", "epochs": "10", "batch size": "32"},
        FinalMetricDataList=[{"MetricName": "loss", "Value": 0.25, "Timestamp": 1704110400}],
        Tags=[{"Key": "team", "Value": "vision"}],
        InputDataConfig=[{"ChannelName": "train"}, {"ChannelName": "test"}],
    ),
    job(
        "cat-2",
        "Failed",
        2,
        FailureReason='it said "no", twice\nand left',
        HyperParameters={"lr": "0.05", "epochs": "20", "optimizer": '"adam"'},
        Tags=[{"Key": "team", "Value": "nlp"}],
    ),
    job(
        "dog-1",
        "Completed",
        3,
        HyperParameters={"lr": "1e-3", "epochs": "30"},
        FinalMetricDataList=[{"MetricName": "loss", "Value": 0.5, "Timestamp": 1704283200}],
        EnableManagedSpotTraining=True,
        FailureReason="",
    ),
)


class Run(Protocol):
    """Runs `smsearch` with some arguments."""

    def __call__(self, *arguments: str | Path, stdin: bytes | None = None, env: dict[str, str] | None = None) -> Result:
        """Its outputs and its exit code."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the dump `jobs.jsonl` and nothing else in it."""
    lines = "".join(json.dumps(document) + "\n" for document in JOBS)
    (tmp_path / "jobs.jsonl").write_text(lines, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMSEARCH_DATA", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs the command in `folder`; neither output is a terminal."""

    def run_in_folder(*arguments: str | Path, stdin: bytes | None = None, env: dict[str, str] | None = None) -> Result:
        assert folder.is_dir()
        widths = {"COLUMNS": "82"}  # in which click has the 80 for help that its runner forces on it
        return invoke([str(argument) for argument in arguments], stdin=stdin, env={**widths, **(env or {})})

    return run_in_folder
