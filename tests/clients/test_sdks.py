"""What the SageMaker SDKs make of the endpoint's answers: analytics of tuning and experiments, runs, listings.

Each program is a process of the SDK's own environment: what it imports warns, logs and reads configuration as it likes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.clients import HERE, INSTALLED, run
from tests.clients.requests import documents

if TYPE_CHECKING:
    from smsearch.searcher import Searcher
    from tests.clients.conftest import Corpus

SDKS = ("sagemaker_2", "sagemaker_3")


def shown(corpus: Corpus, sdk: str, program: str, *arguments: str) -> Any:  # noqa: ANN401 - any JSON
    """What a program of `tests/clients` prints last in the environment of an SDK, read as JSON."""
    if not (INSTALLED / sdk / "installed").exists():
        pytest.skip(f"{sdk} is not installed: make test-clients does, or says why not")
    python = INSTALLED / sdk / "env" / "bin" / "python"
    done = run(sdk, (str(python), str(HERE / program), *arguments), corpus.served)
    return json.loads(done.stdout.splitlines()[-1])


def a_study(searcher: Searcher) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The tuning job with most training jobs, and those."""
    jobs = [job for job in searcher.query("", resource="TrainingJob") if "TuningJobArn" in job]
    arns = [job["TuningJobArn"] for job in jobs]
    arn = max(sorted(set(arns)), key=arns.count)
    (study,) = searcher.query("HyperParameterTuningJobArn = :arn", arn=arn, resource="HyperParameterTuningJob")
    return study, [job for job in jobs if job["TuningJobArn"] == arn]


def an_experiment(searcher: Searcher) -> tuple[str, dict[str, Any]]:
    """The experiment with most trial components, and those by name."""
    components = list(searcher.query("", resource="ExperimentTrialComponent"))
    names = [parent["ExperimentName"] for component in components for parent in component.get("Parents", ())]
    name = max(sorted(set(names)), key=names.count)
    return name, {
        component["TrialComponentName"]: component
        for component in components
        if name in {parent.get("ExperimentName") for parent in component.get("Parents", ())}
    }


@pytest.mark.parametrize("sdk", SDKS)
def test_analytics(sdk: str, exports: Corpus) -> None:
    searcher = exports.searcher
    study, jobs = a_study(searcher)
    experiment, components = an_experiment(searcher)
    name = study["HyperParameterTuningJobName"]
    made = shown(exports, sdk, "sagemaker_sdk/analytics.py", name, "edge-texts", experiment)

    trials = {trial["TrainingJobName"]: trial for trial in made["trials"]}
    assert sorted(trials) == sorted(job["TrainingJobName"] for job in jobs)
    assert len(trials) >= 40
    for job in jobs:
        trial = trials[job["TrainingJobName"]]
        assert trial["TrainingJobStatus"] == job["TrainingJobStatus"]
        for parameter in made["ranges"]:
            # Numbers where the range is one of numbers; categories as JSON spells them.
            assert str(trial[parameter]).strip('"') == job["HyperParameters"][parameter].strip('"') or float(
                trial[parameter]
            ) == pytest.approx(float(job["HyperParameters"][parameter]))
    assert len([trial for trial in trials.values() if trial["FinalObjectiveValue"] is not None]) >= 40

    assert made["metrics"] == ["validation:accuracy"]
    assert sorted(row["TrialComponentName"] for row in made["experiment"]) == sorted(components)
    parameters = {parameter for component in components.values() for parameter in component.get("Parameters", {})}
    assert parameters
    assert parameters <= set(made["experiment"][0])
    text = "FROM ExperimentTrialComponent WHERE TrialComponentName CONTAINS bert ORDER BY TrialComponentName ASC"
    assert made["found"] == list(searcher.query(text).names())
    assert len(made["found"]) > 1


@pytest.mark.parametrize("sdk", SDKS)
def test_runs(sdk: str, exports: Corpus) -> None:
    made = shown(exports, sdk, "sagemaker_sdk/runs.py", "edge-runs", "first")
    assert sorted(made["runs"]) == ["first", "second"]
    assert made["config"] == {
        "ExperimentName": "edge-runs",
        "TrialName": "Default-Run-Group-edge-runs",
        "RunName": "edge-runs-first",
    }
    assert made["parameters"] == {"lr": 0.1, "optimizer": "adam"}
    assert made["metrics"] == [["loss", 0.25]]
    assert "AccessDenied" in made["writing"]
    assert "read-only" in made["writing"]


def test_sagemaker_experiments_searches_lists_and_loads(exports: Corpus) -> None:
    searcher = exports.searcher
    experiment, _ = an_experiment(searcher)
    made = shown(exports, "sagemaker_2", "sagemaker_2/experiments.py", experiment)
    assert made["components"] == sorted(
        searcher.query("TrialComponentName CONTAINS bert", resource="ExperimentTrialComponent").names()
    )
    trials = searcher.query("ExperimentName = :name", name=experiment, resource="ExperimentTrial")
    assert made["trials"] == sorted(trials.names())
    assert made["trials"]
    assert made["arn"] == searcher.describe(experiment, "Experiment")[0].arn


@pytest.mark.parametrize(
    ("kind", "member", "name"),
    [
        ("ProcessingJob", "processing_job_name", "ProcessingJobName"),
        ("Endpoint", "endpoint_name", "EndpointName"),
        ("HyperParameterTuningJob", "hyper_parameter_tuning_job_name", "HyperParameterTuningJobName"),
    ],
)
def test_sagemaker_core_lists(kind: str, member: str, name: str, exports: Corpus) -> None:
    made = shown(exports, "sagemaker_3", "sagemaker_3/listing.py", kind, member)
    assert sorted(made) == sorted(document[name] for document in documents(kind, exports.searcher))
    assert made
