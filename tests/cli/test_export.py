"""`smsearch export`: its options, its report and its exit codes; what it fetches is tested in tests/export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.export.fake import Fake, Fault, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "NO_PROXY": "127.0.0.1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")
    with serving(Fake(["one", "two", "three"])) as served:
        yield served


def test_a_dump_is_fetched_and_can_be_searched(run: Run, fake: Fake) -> None:
    done = run("export", "-o", "dump", "--endpoint-url", fake.url, "-r", "trainingjob", "-r", "TrainingJob")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "exported 3 found = 3 written\n  TrainingJob: 3 found = 3 written\n"
    assert run("count", "dump", "tags.job = two").stdout == "1\n"
    assert run("export", "-o", "dump", "--endpoint-url", fake.url, "-r", "TrainingJob", "-q").stderr == ""


def test_a_report_is_for_programs_too(run: Run, fake: Fake) -> None:
    done = run("export", "-o", "dump", "--endpoint-url", fake.url, "-r", "TrainingJob", "--report", "json", "-q")
    report = json.loads(done.stderr)
    assert (report["found"], report["written"], report["complete"]) == (3, 3, True)


def test_what_is_missing_is_exit_4(run: Run, fake: Fake, folder: Path) -> None:
    def before(operation: str, _request: object) -> None:
        if operation == "ListTags":
            raise Fault("AccessDeniedException", "no")

    fake.before = before
    done = run("export", "-o", "dump", "--endpoint-url", fake.url, "-r", "TrainingJob")
    assert done.exit_code == 4
    assert "3 of them are without their tags\n    3 times ListTags: AccessDeniedException: no" in done.stderr
    assert (folder / "dump" / "TrainingJob.jsonl").exists()


def test_what_cannot_be_asked_is_exit_3(run: Run, fake: Fake) -> None:
    def before(_operation: str, _request: object) -> None:
        raise Fault("UnrecognizedClientException", "The security token included in the request is invalid.")

    fake.before = before
    done = run("export", "-o", "dump", "--endpoint-url", fake.url, "-r", "TrainingJob")
    assert done.exit_code == 3
    assert done.stderr.startswith("error: ListTrainingJobs: UnrecognizedClientException: The security token")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "yesterday"], "'yesterday' is no time"),
        (["-r", "TraningJob"], "Did you mean TrainingJob?"),
        (["--threads", "0"], "--threads"),
        (["--suffix", ".csv"], "--suffix"),
    ],
)
def test_a_wrong_option_is_exit_2(run: Run, arguments: list[str], told: str) -> None:
    done = run("export", "-o", "dump", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
