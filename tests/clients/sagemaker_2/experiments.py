"""What sagemaker-experiments searches, lists and loads, as one line of JSON. Argument: an experiment."""

from __future__ import annotations

import json
import sys

import boto3
from smexperiments.experiment import Experiment
from smexperiments.search_expression import Filter, Operator, SearchExpression
from smexperiments.trial import Trial
from smexperiments.trial_component import TrialComponent


def main(experiment: str) -> None:
    client = boto3.client("sagemaker")
    expression = SearchExpression(filters=[Filter("TrialComponentName", Operator.CONTAINS, "bert")])
    found = TrialComponent.search(search_expression=expression, sagemaker_boto_client=client)
    trials = Trial.list(experiment_name=experiment, sagemaker_boto_client=client)
    shown = {
        "components": sorted(component.trial_component_name for component in found),
        "trials": sorted(trial.trial_name for trial in trials),
        "arn": Experiment.load(experiment, sagemaker_boto_client=client).experiment_arn,
    }
    print(json.dumps(shown))


main(*sys.argv[1:])
