"""The SageMaker SDK and sagemaker-experiments, unmodified, against a process that serves.

Both are too heavy for the development extra: `make test-clients` installs them into an environment of their own and
runs these tests. Each program is a process, because what it imports warns, logs and reads configuration as it likes.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from tests.server.served import ROOT, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.searcher import Searcher

SDK = """
import json, sys
import boto3, sagemaker
from sagemaker.analytics import ExperimentAnalytics
client = boto3.client("sagemaker")
session = sagemaker.Session(boto_session=boto3.Session(), sagemaker_client=client)
"""
needs_sdk = pytest.mark.skipif(
    importlib.util.find_spec("sagemaker") is None, reason="sagemaker<3 is not installed: make test-clients does"
)
needs_experiments = pytest.mark.skipif(
    importlib.util.find_spec("smexperiments") is None,
    reason="sagemaker-experiments is not installed: make test-clients does",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clients")
    smsearch.build([ROOT / "data" / "exports"], folder / "store")
    with serving(folder / "log", folder / "store") as running:
        yield running


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    return smsearch.open(ROOT / "data" / "exports")


def run(served: Served, program: str) -> Any:  # noqa: ANN401 - any JSON
    """What a program prints last, read as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program], env=served.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def components_of(searcher: Searcher, experiment: str) -> dict[str, dict[str, Any]]:
    components = searcher.query("", resource="ExperimentTrialComponent")
    return {
        component["TrialComponentName"]: component
        for component in components
        if experiment in {parent.get("ExperimentName") for parent in component.get("Parents", ())}
    }


def an_experiment(searcher: Searcher) -> str:
    """The experiment with most trial components."""
    names: list[str] = [
        parent["ExperimentName"]
        for component in searcher.query("", resource="ExperimentTrialComponent")
        for parent in component.get("Parents", ())
    ]
    return max(sorted(set(names)), key=names.count)


@needs_sdk
def test_the_sdk_makes_a_data_frame_of_an_experiment(served: Served, searcher: Searcher) -> None:
    experiment = an_experiment(searcher)
    program = (
        SDK
        + f"""
frame = ExperimentAnalytics({experiment!r}, sagemaker_session=session).dataframe()
print(json.dumps([list(frame.columns), list(frame.TrialComponentName)]))
"""
    )
    columns, names = run(served, program)
    expected = components_of(searcher, experiment)
    assert sorted(names) == sorted(expected)
    parameters = {name for component in expected.values() for name in component.get("Parameters", {})}
    assert parameters <= set(columns)
    assert parameters


@needs_sdk
def test_the_sdk_makes_a_data_frame_of_a_search(served: Served, searcher: Searcher) -> None:
    program = (
        SDK
        + """
expression = {"Filters": [{"Name": "TrialComponentName", "Operator": "Contains", "Value": "bert"}]}
frame = ExperimentAnalytics(search_expression=expression, sagemaker_session=session,
                            sort_by="TrialComponentName", sort_order="Ascending").dataframe()
print(json.dumps(list(frame.TrialComponentName)))
"""
    )
    text = "FROM ExperimentTrialComponent WHERE TrialComponentName CONTAINS bert ORDER BY TrialComponentName ASC"
    expected = list(searcher.query(text).names())
    assert run(served, program) == expected
    assert len(expected) > 1


@needs_experiments
def test_sagemaker_experiments_searches_lists_and_loads(served: Served, searcher: Searcher) -> None:
    experiment = an_experiment(searcher)
    program = f"""
import json
import boto3
from smexperiments.experiment import Experiment
from smexperiments.search_expression import Filter, Operator, SearchExpression
from smexperiments.trial import Trial
from smexperiments.trial_component import TrialComponent
client = boto3.client("sagemaker")
expression = SearchExpression(filters=[Filter("TrialComponentName", Operator.CONTAINS, "bert")])
found = TrialComponent.search(search_expression=expression, sagemaker_boto_client=client)
trials = Trial.list(experiment_name={experiment!r}, sagemaker_boto_client=client)
loaded = Experiment.load({experiment!r}, sagemaker_boto_client=client)
print(json.dumps([
    sorted(one.trial_component_name for one in found), sorted(one.trial_name for one in trials), loaded.experiment_arn
]))
"""
    components, trials, arn = run(served, program)
    assert components == sorted(
        searcher.query("TrialComponentName CONTAINS bert", resource="ExperimentTrialComponent").names()
    )
    of_experiment = searcher.query("ExperimentName = :name", name=experiment, resource="ExperimentTrial")
    assert trials == sorted(of_experiment.names())
    assert arn == searcher.describe(experiment, "Experiment")[0].arn
    assert trials
