"""Generated records: the same every time, and made as `benchmarks/training_job.py` promises."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from benchmarks import exports, generate, vocabulary
from benchmarks.skewed_job import METRICS, NIGHTLY_SHARE, PARAMETER_LENGTH, skewed_job
from benchmarks.training_job import QUOKKA_EVERY, SPAN_MS, created_ms, training_job

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def jobs() -> list[dict[str, Any]]:
    return [training_job(7, index) for index in range(3_000)]


def test_the_committed_exports_are_what_the_generator_writes(repository: Path) -> None:
    folder = repository / "data" / "exports"
    committed = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    written = exports.files()
    assert sorted(committed) == sorted(written)
    for name, content in written.items():
        assert exports.unpacked(committed[name]) == content, name


def test_writing_the_exports_packs_them_and_leaves_what_is_right_alone(tmp_path: Path) -> None:
    exports.write(tmp_path)
    for name, content in exports.files().items():
        assert exports.unpacked(tmp_path / name) == content
    touched = tmp_path / "training-jobs" / "describe.json"
    touched.write_bytes(b"{}")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file() and path != touched}
    exports.write(tmp_path)
    assert touched.read_bytes() == exports.files()["training-jobs/describe.json"]
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_the_data_is_small_and_each_file_is_explained(repository: Path) -> None:
    folder = repository / "data"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_500_000
    explained = (folder / "README.md").read_text(encoding="utf-8")
    parts = {"exports", "awkward", "shapes"}
    names = [
        path.relative_to(folder / part).as_posix() for part in parts for path in files if folder / part in path.parents
    ]
    rows = [line.split("`")[1] for line in explained.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(names)


def test_a_prefix_is_the_same_however_long_the_run() -> None:
    assert list(generate.lines(20, seed=3)) == list(islice(generate.lines(1_000, seed=3), 20))
    assert list(generate.lines(20, seed=3)) != list(generate.lines(20, seed=4))


def test_the_command_writes_json_lines(tmp_path: Path) -> None:
    target = tmp_path / "jobs.jsonl"
    generate.main(["25", "-o", str(target), "--seed", "9"])
    assert [orjson.loads(line) for line in target.read_bytes().splitlines()] == [training_job(9, i) for i in range(25)]
    generate.main(["5", "-o", str(target), "--resource", "ExperimentTrialComponent"])
    assert all("TrialComponentName" in orjson.loads(line) for line in target.read_bytes().splitlines())


@pytest.mark.parametrize("argv", [[], ["5", "--data", "folder"]])
def test_the_command_wants_a_count_or_a_folder(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        generate.main(argv)
    assert "either a count or --data" in capsys.readouterr().err


def test_no_two_jobs_of_ten_million_share_a_moment() -> None:
    # A stride that is coprime to the span visits every millisecond before it returns to one.
    stride = (created_ms(1, 1) - created_ms(1, 0)) % SPAN_MS
    assert math.gcd(stride, SPAN_MS) == 1
    assert SPAN_MS > 10_000_000


def test_names_are_unique_and_times_run_forward(jobs: list[dict[str, Any]]) -> None:
    assert len({job["TrainingJobName"] for job in jobs}) == len(jobs)
    for job in jobs:
        times = [
            job["CreationTime"],
            job["TrainingStartTime"],
            job.get("TrainingEndTime"),
            job["LastModifiedTime"],
        ]
        moments = [datetime.fromisoformat(time) for time in times if time]
        assert moments == sorted(moments)
        assert job["TrainingJobName"].endswith(f"{moments[0].microsecond // 1000:03d}")


def test_sizes_are_those_of_real_jobs(jobs: list[dict[str, Any]]) -> None:
    assert 2_900 < sum(len(orjson.dumps(job)) for job in jobs) / len(jobs) < 3_500
    for member, least, most in (
        ("HyperParameters", 5, 26),  # the rare one comes on top
        ("FinalMetricDataList", 0, 6),
        ("InputDataConfig", 1, 4),
        ("Tags", 0, 8),
    ):
        sizes = {len(job[member]) for job in jobs}
        assert least in sizes, member
        assert max(sizes) in {most, most - 1}, member
        assert min(sizes) == least, member


def test_statuses_decide_what_is_there(jobs: list[dict[str, Any]]) -> None:
    statuses = Counter(job["TrainingJobStatus"] for job in jobs)
    assert 0.68 < statuses["Completed"] / len(jobs) < 0.76
    assert 0.12 < statuses["Failed"] / len(jobs) < 0.18
    assert set(statuses) == set(vocabulary.STATUSES)
    for job in jobs:
        status = job["TrainingJobStatus"]
        assert ("FailureReason" in job) == (status == "Failed")
        assert ("ModelArtifacts" in job) == (status == "Completed")
        assert ("TrainingEndTime" in job) == (status in {"Completed", "Failed", "Stopped"})


def test_what_benchmarks_look_for_is_as_common_as_promised(jobs: list[dict[str, Any]]) -> None:
    assert 0.11 < sum("xgboost" in job["TrainingJobName"] for job in jobs) / len(jobs) < 0.17
    rare = [job for job in jobs if vocabulary.RARE_HYPERPARAMETER in job["HyperParameters"]]
    assert len(rare) == len(jobs) // 500
    uris = [channel["DataSource"]["S3DataSource"]["S3Uri"] for job in jobs for channel in job["InputDataConfig"]]
    assert 0.01 < sum("/cat/data" in uri for uri in uris) / len(uris) < 0.05
    quokkas = [index for index in range(2 * QUOKKA_EVERY) if index % QUOKKA_EVERY == QUOKKA_EVERY // 3]
    assert all("quokka" in str(training_job(1, index)["TrainingJobName"]) for index in quokkas)
    assert not any("quokka" in job["TrainingJobName"] for job in jobs)


def test_vocabulary_is_as_wide_as_promised(jobs: list[dict[str, Any]]) -> None:
    assert 55 <= len(vocabulary.VALUES) <= 66
    assert len(set(vocabulary.TAIL)) == 450
    assert len(set(vocabulary.INSTANCE_TYPES)) == 40
    names = {name for job in jobs for name in job["HyperParameters"]}
    assert set(vocabulary.VALUES) <= names


def test_quoted_hyperparameters_are_json_in_a_string(jobs: list[dict[str, Any]]) -> None:
    optimizers = {job["HyperParameters"]["optimizer"] for job in jobs if "optimizer" in job["HyperParameters"]}
    assert {"adam", '"adam"'} <= optimizers


def test_a_skewed_account_is_mostly_one_team_with_long_texts_and_many_metrics() -> None:
    made = [skewed_job(7, index) for index in range(1_000)]
    skewed: list[dict[str, Any]] = [*made]
    assert made[:5] == [skewed_job(7, index) for index in range(5)]
    assert len({job["TrainingJobArn"] for job in skewed}) == len({job["TrainingJobName"] for job in skewed}) == 1_000
    nightly = [job for job in skewed if job["TrainingJobName"].startswith("nightly-xgboost-")]
    assert NIGHTLY_SHARE - 0.05 < len(nightly) / 1_000 < NIGHTLY_SHARE + 0.05
    assert all({"Key": "team", "Value": "vision"} in job["Tags"] for job in nightly)
    assert all(job["TrainingJobArn"].endswith(f"/{job['TrainingJobName']}") for job in skewed)
    assert any(len(job["HyperParameters"].get("config", "")) == PARAMETER_LENGTH for job in skewed)
    assert any(len(job["FinalMetricDataList"]) == METRICS for job in skewed)
