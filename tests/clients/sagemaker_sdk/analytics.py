"""What the analytics of the SageMaker SDK 3 or 2 make of the endpoint's answers, as one line of JSON.

Arguments: a tuning job, a training job, an experiment.
"""

from __future__ import annotations

import json
import sys

import boto3

try:
    from sagemaker.core.analytics import ExperimentAnalytics, HyperparameterTuningJobAnalytics, TrainingJobAnalytics
    from sagemaker.core.helper.session_helper import Session
except ImportError:  # version 2
    from sagemaker import Session
    from sagemaker.analytics import ExperimentAnalytics, HyperparameterTuningJobAnalytics, TrainingJobAnalytics


def main(tuning: str, training: str, experiment: str) -> None:
    session = Session(boto_session=boto3.Session(), sagemaker_client=boto3.client("sagemaker"))
    study = HyperparameterTuningJobAnalytics(tuning, sagemaker_session=session)
    job = TrainingJobAnalytics(training, sagemaker_session=session)
    expression = {"Filters": [{"Name": "TrialComponentName", "Operator": "Contains", "Value": "bert"}]}
    found = ExperimentAnalytics(
        sagemaker_session=session,
        search_expression=expression,
        sort_by="TrialComponentName",
        sort_order="Ascending",
    )
    shown = {
        "trials": json.loads(study.dataframe().to_json(orient="records", double_precision=15)),
        "ranges": study.tuning_ranges,
        # Its values come from CloudWatch; what they are called and when they began, from SageMaker.
        "metrics": job._metric_names,  # noqa: SLF001
        "experiment": json.loads(
            ExperimentAnalytics(experiment, sagemaker_session=session).dataframe().to_json(orient="records")
        ),
        "found": list(found.dataframe().TrialComponentName),
    }
    print(json.dumps(shown))


main(*sys.argv[1:])
