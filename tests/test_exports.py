"""The made-up exports are what later work needs: records as the service writes them, and questions with answers.

What each file holds byte for byte is the business of `test_generate.py`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape
from botocore.parsers import create_parser
from botocore.validate import ParamValidator

import smsearch
from benchmarks import deployments, exports, failures, processing, retraining, study
from benchmarks.training_job import training_job
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, notation
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.searcher import Searcher

Record = dict[str, Any]
MODEL = ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")
FIVE = {
    "out of memory": r"CUDA out of memory",
    "unreadable rows": r"Unable to parse csv",
    "missing object": r"NoSuchKey",
    "lost peer": r"Watchdog caught collective operation timeout",
    "no capacity": r"Unable to provision requested ML compute capacity of",
}


@pytest.fixture(scope="module")
def searcher(repository: Path) -> Searcher:
    return smsearch.open(repository / "data" / "exports")


@pytest.fixture(scope="module")
def jobs(searcher: Searcher) -> list[Record]:
    """Every training job, as the searcher has it."""
    return documents(searcher, "TrainingJob")


def documents(searcher: Searcher, kind: str) -> list[Record]:
    key = SortKey(
        searcher.engine.schema(kind).property(".".join(catalogue.resource(kind).name_path)), SortOrder.ASCENDING
    )
    return [notation.document(record, notation.BOTO3) for record in searcher.engine.records(kind, Always(), key)]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def tag(job: Record, key: str) -> str:
    return next((str(tag["Value"]) for tag in job.get("Tags", ()) if tag["Key"] == key), "")


def metric(job: Record, name: str) -> float:
    return next(float(one["Value"]) for one in job["FinalMetricDataList"] if one["MetricName"] == name)


# As the service writes them


def shape_of(kind: str) -> StructureShape:
    """What the service writes of a kind: Search's shape, else what Describe answers."""
    resource = catalogue.resource(kind)
    key = resource.record_key
    record = MODEL.shape_for("SearchRecord")
    shape = record.members[key] if key in record.members else MODEL.shape_for(f"Describe{key}Response")
    assert isinstance(shape, StructureShape)
    return shape


def complaints(value: object, shape: Shape, path: str) -> Iterator[str]:
    """What botocore lets pass: texts that the model's lists and patterns do not allow."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name in value.keys() & shape.members.keys():
            yield from complaints(value[name], shape.members[name], f"{path}.{name}")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for element in value:
            yield from complaints(element, shape.member, f"{path}[]")
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, below in value.items():
            yield from complaints(key, shape.key, f"{path} key")
            yield from complaints(below, shape.value, f"{path}.{key}")
    elif isinstance(shape, StringShape) and isinstance(value, str):
        yield from complaints_of_text(value, shape, path)


def complaints_of_text(value: str, shape: StringShape, path: str) -> Iterator[str]:
    pattern = shape.metadata.get("pattern")
    if shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is none of its list"
    # Python's `re` knows neither surrogates nor properties of Unicode.
    if pattern and "\\u" not in pattern and "\\p" not in pattern and not re.fullmatch(pattern, value):
        yield f"{path}: {value!r} is not {pattern}"
    if len(value) > shape.metadata.get("max", len(value)):
        yield f"{path}: too long"


@cache
def made() -> dict[str, tuple[str, list[Record]]]:
    """The records that were made for their kind, by what they are; the service's tags are no part of a describe."""
    base: list[Any] = [training_job(exports.SEED, index) for index in range(exports.JOBS)]
    models = deployments.models(base)
    trials = study.trials()
    return {
        "retraining": ("TrainingJob", retraining.jobs(exports.YEAR)),
        "trials": ("TrainingJob", trials),
        "study": ("HyperParameterTuningJob", [study.tuning_job(trials)]),
        "processing": ("ProcessingJob", processing.processing_jobs(retraining.HABITS, exports.YEAR)),
        "transforms": ("TransformJob", processing.transform_jobs(models)),
        "compilations": ("CompilationJob", processing.compilation_jobs(models)),
        "reviews": ("FlowDefinition", processing.flow_definitions(exports.START)),
    }


@pytest.mark.parametrize("part", made())
def test_records_are_as_the_service_writes_them(part: str) -> None:
    kind, records = made()[part]
    shape = shape_of(kind)
    for record in records:
        document = {name: value for name, value in record.items() if name != "Tags" or name in shape.members}
        errors = ParamValidator().validate(document, shape)
        assert not errors.has_errors(), errors.generate_report()
        assert not list(complaints(document, shape, kind))
    names = [record[catalogue.resource(kind).name_path[-1]] for record in records]
    assert len(set(names)) == len(names)
    assert all(tag(record, "team") for record in records)


def test_what_the_service_would_not_write_is_seen() -> None:
    (job, *_) = retraining.jobs(exports.YEAR)
    shape = shape_of("TrainingJob")
    wrong = {**job, "TrainingJobStatus": "Done", "RoleArn": "me", "BillableTimeInSeconds": 0, "Colour": "red"}
    assert len(list(complaints(wrong, shape, ""))) == 2
    report = ParamValidator().validate(wrong, shape).generate_report()
    assert "BillableTimeInSeconds" in report
    assert "Colour" in report


def test_botocore_parses_each_record_of_each_kind(searcher: Searcher) -> None:
    parser = create_parser("json")
    for kind in searcher.resources():
        shape = shape_of(kind)
        for document in documents(searcher, kind):
            spelled = orjson.dumps(document, default=float)
            parsed = parser.parse({"body": spelled, "headers": {}, "status_code": 200}, shape)
            known = {name for name, value in document.items() if name in shape.members and value is not None}
            assert known == parsed.keys() - {"ResponseMetadata"}, kind


def test_every_kind_that_issues_ask_for_is_there(searcher: Searcher) -> None:
    kinds = {"ProcessingJob", "TransformJob", "CompilationJob", "FlowDefinition", "HyperParameterTuningJob"}
    assert kinds <= searcher.resources().keys()
    for kind in kinds - {"HyperParameterTuningJob"}:
        status = f"{kind}Status"
        assert len({document[status] for document in documents(searcher, kind)}) > 1, "a status to search for"


def test_names_of_models_agree_across_files(searcher: Searcher) -> None:
    models = {model["Model"]["ModelName"] for model in documents(searcher, "Model")}
    artifacts = {model["Model"]["PrimaryContainer"]["ModelDataUrl"] for model in documents(searcher, "Model")}
    assert {job["ModelName"] for job in documents(searcher, "TransformJob")} <= models
    assert {job["InputConfig"]["S3Uri"] for job in documents(searcher, "CompilationJob")} <= artifacts


# A year of failures, and what teams cost


def test_runs_run_forward() -> None:
    for job in (*retraining.jobs(exports.YEAR), *study.trials()):
        steps = job["SecondaryStatusTransitions"]
        times = [moment(step[end]) for step in steps for end in ("StartTime", "EndTime")]
        assert times == sorted(times)
        assert times[0] == moment(job["CreationTime"])
        assert times[-1] == moment(job["TrainingEndTime"]) < moment(job["LastModifiedTime"])
        assert ("FailureReason" in job) == (job["TrainingJobStatus"] == "Failed")
        assert ("ModelArtifacts" in job) == (job["TrainingJobStatus"] == "Completed")


def test_a_failed_run_was_tried_again_and_one_without_a_machine_never_began() -> None:
    made_jobs = retraining.jobs(exports.YEAR)
    months = Counter((tag(job, "team"), job["CreationTime"][:7], job["TrainingJobStatus"]) for job in made_jobs)
    assert all(months[team, month, "Completed"] == 1 for team, month, _ in months)
    never = [job for job in made_jobs if re.search(FIVE["no capacity"], job.get("FailureReason", ""))]
    times = {"TrainingStartTime", "TrainingTimeInSeconds", "BillableTimeInSeconds"}
    assert never
    assert all(times.isdisjoint(job) if job in never else times <= job.keys() for job in made_jobs)


def test_failures_of_five_kinds_are_spread_over_the_year(jobs: list[Record]) -> None:
    assert set(FIVE) == set(failures.FAILURES)
    names = {job["TrainingJobName"] for job in retraining.jobs(2024)}
    year = [job for job in jobs if job["TrainingJobName"] in names]
    months: dict[str, set[int]] = defaultdict(set)
    for kind, pattern in FIVE.items():
        reasons = [job["FailureReason"] for job in year if re.search(pattern, job.get("FailureReason", ""))]
        assert len(reasons) >= 5, kind
        assert len(set(reasons)) == len(reasons), "each has its own numbers"
        masked = {re.sub(r"\b[0-9A-F]{16}\b|\d+(\.\d+)?|ml\.\S+( and ml\.\S+)?", "#", reason) for reason in reasons}
        assert len(masked) == 1, kind
        months[kind] = {job["CreationTime"].month for job in year if re.search(pattern, job.get("FailureReason", ""))}
    assert set().union(*months.values()) == set(range(1, 13))
    assert len({min(seen) for seen in months.values()}) > 3, "first seen at different times"
    with pytest.raises(KeyError):
        failures.reason("bad luck", lambda: 0.5, "ml.m5.large")


def test_teams_cost_differently_whether_by_seconds_or_by_machines(jobs: list[Record]) -> None:
    seconds: Counter[str] = Counter()
    machines: dict[str, Counter[str]] = defaultdict(Counter)
    for job in jobs:
        seconds[tag(job, "team")] += job.get("BillableTimeInSeconds", 0)
        machines[tag(job, "team")][job.get("ResourceConfig", {}).get("InstanceType", "")] += 1
    del seconds[""]
    assert len(seconds) == 9
    ranked = [total for _, total in seconds.most_common()]
    assert all(one > next_one for one, next_one in pairwise(ranked))
    assert ranked[0] > 8 * ranked[-1]
    usual = {team: counts.most_common(1)[0][0] for team, counts in machines.items() if team}
    assert len(set(usual.values())) == len(usual)
    assert any("InstanceGroups" in job.get("ResourceConfig", {}) for job in jobs)


# The tuning study


def test_the_learning_rate_decides_the_study() -> None:
    trials = [job for job in study.trials() if job["FinalMetricDataList"]]
    losses = np.array([metric(job, study.OBJECTIVE) for job in trials])
    shares = {}
    correlations = {}
    for name in study.TUNED:
        values = np.array([float(job["HyperParameters"][name]) for job in trials])
        bins = np.argsort(np.argsort(values)) * 6 // len(values)
        means = np.array([losses[bins == one].mean() for one in range(6)])[bins]
        shares[name] = float(((means - losses.mean()) ** 2).sum() / ((losses - losses.mean()) ** 2).sum())
        correlations[name] = abs(
            float(np.corrcoef(np.argsort(np.argsort(values)), np.argsort(np.argsort(losses)))[0, 1])
        )
    assert max(shares, key=shares.__getitem__) == max(correlations, key=correlations.__getitem__) == "learning_rate"
    assert shares["learning_rate"] > 0.7
    accuracies = [metric(job, "validation:accuracy") for job in trials]
    assert np.corrcoef(losses, accuracies)[0, 1] < -0.9


def test_the_study_adds_up(searcher: Searcher) -> None:
    trials = study.trials()
    tuning_job = study.tuning_job(trials)
    assert len(trials) >= 40
    statuses = Counter(job["TrainingJobStatus"] for job in trials)
    assert set(statuses) == {"Completed", "Stopped", "Failed"}
    counters = tuning_job["TrainingJobStatusCounters"]
    assert (counters["Completed"], counters["Stopped"], counters["NonRetryableError"]) == (
        statuses["Completed"],
        statuses["Stopped"],
        statuses["Failed"],
    )
    best = min(metric(job, study.OBJECTIVE) for job in trials if job["TrainingJobStatus"] == "Completed")
    assert tuning_job["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == best
    ranges = tuning_job["HyperParameterTuningJobConfig"]["ParameterRanges"]
    limits = {one["Name"]: (float(one["MinValue"]), float(one["MaxValue"])) for kind in ranges.values() for one in kind}
    assert set(limits) == set(study.TUNED)
    for job in trials:
        assert all(low <= float(job["HyperParameters"][name]) <= high for name, (low, high) in limits.items())
    arn = tuning_job["HyperParameterTuningJobArn"]
    assert len(searcher.query("TuningJobArn = :arn", arn=arn)) == len(trials)


# What people type first

GUESSES = (
    "Metrics.accuracy > 0.8",
    "Metrics.validation:accuracy > 0.8",
    "Tags.team = vision",
    "HyperParameters.learning_rate > .1",
    "ResourceConfig.InstanceType = ml.p3.2xlarge",
    "status = Failed",
    "created >= '2024-01-01'",
    "created >= '2024-06-01'",
    "name CONTAINS fraud",
    "name CONTAINS bert",
    "Metrics.accuracy > 0.5 AND status = Completed",
    "HyperParameters.learning_rate > 0.0",
    "HyperParameters.optimizer = adam",
    "HyperParameters.optimizer = '\"adam\"'",
    "EXISTS Metrics.validation:accuracy",
    "status = Failed AND EXISTS FailureReason",
)


@pytest.mark.parametrize("guess", GUESSES)
def test_a_first_guess_finds_something_and_not_everything(guess: str, searcher: Searcher) -> None:
    assert 0 < len(searcher.query(guess)) < searcher.resources()["TrainingJob"]


def test_the_last_days_three_days_after_the_newest_job_hold_some(searcher: Searcher, jobs: list[Record]) -> None:
    newest = max(job["CreationTime"] for job in jobs if "CreationTime" in job)
    week = (newest + timedelta(days=3) - timedelta(days=7)).isoformat()
    assert 0 < len(searcher.query("created > :week", week=week)) < len(jobs)


def test_a_whole_number_finds_no_learning_rate_since_all_are_below_one(searcher: Searcher) -> None:
    assert not len(searcher.query("HyperParameters.learning_rate > 0"))
    assert len(searcher.query("HyperParameters.learning_rate > 0.0"))


def test_some_jobs_ran_for_hours_and_most_teams_have_a_best_one(jobs: list[Record]) -> None:
    durations = [
        job["TrainingEndTime"] - job["TrainingStartTime"]
        for job in jobs
        if {"TrainingStartTime", "TrainingEndTime"} <= job.keys()
    ]
    assert 0 < sum(duration > timedelta(hours=2) for duration in durations) < len(durations)
    measured = {
        tag(job, "team")
        for job in jobs
        if any(one["MetricName"] == "validation:accuracy" for one in job.get("FinalMetricDataList", ()))
    } - {""}
    assert len(measured) >= 8
    both = Counter("bert" in job["TrainingJobName"] and "ads" in job["TrainingJobName"] for job in jobs)
    assert both[True]
    assert both[False]
