"""The exports of `data/exports`: which records stand in which file, in which shape and container.

A few hundred records of one made-up company, spread over files as they pile up in real folders. `files()` is
a pure function; `write` touches the disk. What each file is there for stands in `data/README.md`.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any, Final

import orjson
import zstandard

from benchmarks import companions, deployments, processing, retraining, shapes, study
from benchmarks.shapes import respell
from benchmarks.training_job import training_job

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Json = Any
SEED: Final = 2024
JOBS: Final = 130
START: Final = "2024-02-05T08:30:00.000000+00:00"
YEAR: Final = 2024
TUNING_JOB: Final = "fraud-xgb-240212-1405"

_JOB_SUMMARY: Final = (
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingEndTime",
    "LastModifiedTime",
    "TrainingJobStatus",
)
_COMPONENT_SUMMARY: Final = (
    "TrialComponentName",
    "TrialComponentArn",
    "DisplayName",
    "Status",
    "StartTime",
    "EndTime",
    "CreationTime",
    "CreatedBy",
    "LastModifiedTime",
    "LastModifiedBy",
)


def _document(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _documents(values: Iterable[Json]) -> bytes:
    return b"".join(map(_document, values))


def _lines(values: Iterable[Json]) -> bytes:
    return b"".join(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE) for value in values)


def _started(job: Json) -> Json:
    """The same job as it was when it had just begun, for an event that a later one supersedes."""
    ended = {
        "TrainingEndTime",
        "TrainingTimeInSeconds",
        "BillableTimeInSeconds",
        "ModelArtifacts",
        "FailureReason",
    }
    return {
        **{name: value for name, value in job.items() if name not in ended},
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Training",
        "SecondaryStatusTransitions": job["SecondaryStatusTransitions"][:3],
        "FinalMetricDataList": [],
        "LastModifiedTime": job["TrainingStartTime"],
    }


def _training_jobs(jobs: list[Json]) -> dict[str, bytes]:
    """The ordinary ways to keep training jobs."""
    summaries = shapes.list_page("TrainingJobSummaries", [*jobs[60:80], *jobs[95:98]], _JOB_SUMMARY)
    page_1 = shapes.search_page("TrainingJob", jobs[5:35], "AQICAHhG3-made-up-token")
    page_2 = shapes.search_page("TrainingJob", jobs[35:65])
    return {
        "training-jobs/describe.json": _document(respell(jobs[0], shapes.pacific)),
        "training-jobs/describe-several.json": _documents(
            shapes.described(respell(job, shapes.seconds)) for job in jobs[1:5]
        ),
        "training-jobs/search-page-1.json": _document(respell(page_1, shapes.python_text)),
        "training-jobs/search-page-2.json.gz": _document(respell(page_2, shapes.zulu)),
        "training-jobs/2024/describe.jsonl.zst": _lines(respell(jobs[65:95], shapes.to_the_second)),
        "training-jobs/list-page.json": _document(respell(summaries, shapes.seconds)),
        "training-jobs/array.json": _document(respell(jobs[98:102], shapes.whole_seconds)),
    }


def _other_programs(jobs: list[Json], children: list[Json]) -> dict[str, bytes]:
    """Training jobs as programs other than the AWS CLI and boto3 leave them behind."""
    events = [shapes.event(state) for job in jobs[105:113] for state in (_started(job), job)]
    listed = shapes.list_page("TrainingJobSummaries", jobs[102:105], _JOB_SUMMARY)
    tuned = respell({"TrainingJobSummaries": children[:2]}, shapes.python_text)
    return {
        "recordings/sagemaker.DescribeTrainingJob_1.json": _document(shapes.recording(jobs[102])),
        "recordings/sagemaker.ListTrainingJobs_1.json": _document(shapes.recording(listed)),
        "events/training-job-state-change.jsonl": _lines(events),
        "events/step-functions-task.json": _document(shapes.task(jobs[113])),
        "controllers/kubernetes.json": _document([shapes.with_nulls(job) for job in jobs[114:117]]),
        "inventory/resource-table.jsonl": _lines(map(shapes.snake_case_row, jobs[117:125])),
        "inventory/rows.json": _document([shapes.snake_case_row(job, shapes.naive_text) for job in jobs[125:127]]),
        "containers/trainingjobconfig.json": _document(shapes.container_config(jobs[127])),
        "containers/java.jsonl": _lines(map(shapes.camel_case, jobs[128:130])),
        "tuning/data-frame.json": _document([shapes.table_row(child) for child in children]),
        "tuning/list-children.json": _document(tuned),
    }


def _experiments(jobs: list[Json], children: list[Json]) -> dict[str, bytes]:
    """Experiments, trials, trial components and the tuning job."""
    components = [companions.trial_component(job) for job in jobs if "ExperimentConfig" in job]
    # One response of a page of 20 on each line.
    pages = [shapes.search_page("TrialComponent", components[at : at + 20]) for at in range(0, len(components), 20)]
    summaries = shapes.list_page("TrialComponentSummaries", components[:10], _COMPONENT_SUMMARY)
    tuning_job = companions.tuning_job(TUNING_JOB, START, children)
    return {
        "experiments/experiments.json": _document(shapes.search_page("Experiment", companions.experiments(jobs))),
        "experiments/trials.jsonl": _lines(respell(companions.trials(jobs), shapes.seconds)),
        "experiments/trial-components.jsonl.gz": _lines(pages),
        "experiments/list-trial-components.json": _document(respell(summaries, shapes.seconds)),
        "tuning/describe.json": _document(shapes.described(respell(tuning_job, shapes.python_text))),
    }


def _deployments(jobs: list[Json]) -> dict[str, bytes]:
    """Models, packages and endpoints."""
    models = deployments.models(jobs)[:16]
    endpoints = deployments.endpoints(models[:8])
    dashboard = [
        {"Model": model, "Endpoints": [_shown(endpoint)]} for model, endpoint in zip(models, endpoints, strict=False)
    ]
    groups = deployments.package_groups(models)
    return {
        "models/search-page.json": _document(shapes.search_page("Model", dashboard)),
        "models/describe.jsonl": _lines(respell(models[len(dashboard) :], shapes.seconds)),
        "models/endpoints.jsonl": _lines(respell(endpoints, shapes.zulu)),
        "models/package-groups.json": _document(shapes.search_page("ModelPackageGroup", groups)),
        "models/packages.jsonl": _lines(respell(deployments.packages(models), shapes.seconds)),
        "models/cards.json": _document(shapes.search_page("ModelCard", deployments.model_cards(models[:6]))),
    }


def _shown(endpoint: Json) -> Json:
    """An endpoint as the model dashboard shows it."""
    kept = ("EndpointName", "EndpointArn", "CreationTime", "LastModifiedTime", "EndpointStatus")
    return {name: endpoint[name] for name in kept}


def _platform() -> dict[str, bytes]:
    """Pipelines, features, images and projects."""
    pipelines = deployments.pipelines(("vision", "nlp", "ranking", "fraud"), START)
    groups = deployments.feature_groups(START)
    images, versions = deployments.images(START)
    executions = deployments.executions(pipelines, 5)
    features = deployments.feature_metadata(groups)
    return {
        "pipelines/pipelines.json": _document(shapes.search_page("Pipeline", pipelines)),
        "pipelines/executions.jsonl": _lines(respell(executions, shapes.python_text)),
        "pipelines/versions.json": _document(
            shapes.search_page("PipelineVersion", deployments.pipeline_versions(pipelines))
        ),
        "features/groups.json": _documents(map(shapes.described, respell(groups, shapes.seconds))),
        "features/metadata.json": _document(shapes.search_page("FeatureMetadata", features)),
        "platform/images.json": _document({"Images": respell(images, shapes.seconds)}),
        "platform/image-versions.json": _document({"ImageVersions": respell(versions, shapes.seconds)}),
        "platform/projects.jsonl": _lines(deployments.projects(("atlas", "ember", "grove"), START)),
    }


def _year() -> dict[str, bytes]:
    """A year of retraining with its processing jobs, and a tuning study."""
    trials = study.trials()
    processed = processing.processing_jobs(retraining.HABITS, YEAR)
    tuning_job = shapes.search_page("HyperParameterTuningJob", [study.tuning_job(trials)])
    return {
        "training-jobs/2024/retraining.jsonl.gz": _lines(respell(retraining.jobs(YEAR), shapes.zulu)),
        "tuning/study.json": _document(respell(tuning_job, shapes.seconds)),
        "tuning/study-trials.jsonl.gz": _lines(respell(trials, shapes.seconds)),
        "processing/describe.jsonl.gz": _lines(map(shapes.described, respell(processed, shapes.pacific))),
    }


def _human_and_batch(jobs: list[Json]) -> dict[str, bytes]:
    """What is done with models besides serving them: transforms, compilations, reviews by people."""
    models = deployments.models(jobs)[:16]
    transforms = processing.transform_jobs(models[:12])
    compilations = processing.compilation_jobs(models[10:16])
    return {
        "processing/transform-jobs.jsonl": _lines(respell(transforms, shapes.seconds)),
        "processing/compilation-jobs.json": _documents(
            map(shapes.described, respell(compilations, shapes.python_text))
        ),
        "processing/flow-definitions.json": _document(respell(processing.flow_definitions(START), shapes.zulu)),
    }


def files() -> dict[str, bytes]:
    """The content of every file by its path under `data/exports`, before the compression its suffix names."""
    jobs: list[Json] = [training_job(SEED, index) for index in range(JOBS)]
    children = companions.tuning_children(TUNING_JOB, START, 12)
    return {
        **_training_jobs(jobs),
        **_other_programs(jobs, children),
        **_experiments(jobs, children),
        **_deployments(jobs),
        **_platform(),
        **_year(),
        **_human_and_batch(jobs),
    }


def unpacked(path: Path) -> bytes:
    """The content of a file without its compression."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().decompress(data) if path.suffix == ".zst" else data


def _packed(content: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(content, mtime=0)
    return zstandard.ZstdCompressor(level=19).compress(content) if suffix == ".zst" else content


def write(folder: Path) -> None:
    """Writes the exports into a folder; what holds the right content already is left alone.

    Another version of zlib or zstd packs the same content into other bytes, which is no reason to rewrite it.
    """
    for name, content in files().items():
        path = folder / name
        if path.exists() and unpacked(path) == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_packed(content, path.suffix))
