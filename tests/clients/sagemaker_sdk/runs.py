"""What list_runs, load_run and Run of the SageMaker SDK 3 or 2 give of runs that are there, as one line of JSON.

Arguments: an experiment, a run of it.
"""

from __future__ import annotations

import json
import sys

import boto3

try:
    from sagemaker.core.experiments.run import Run, list_runs, load_run
    from sagemaker.core.helper.session_helper import Session
except ImportError:  # version 2
    from sagemaker import Session
    from sagemaker.experiments import Run, list_runs, load_run


def main(experiment: str, name: str) -> None:
    session = Session(boto_session=boto3.Session(), sagemaker_client=boto3.client("sagemaker"))
    loaded = load_run(experiment_name=experiment, run_name=name, sagemaker_session=session)
    component = loaded._trial_component  # noqa: SLF001 - the SDK has no public door to what it read
    shown = {
        "runs": [run.run_name for run in list_runs(experiment, sagemaker_session=session)],
        "config": Run(experiment_name=experiment, run_name=name, sagemaker_session=session).experiment_config,
        "parameters": component.parameters,
        "metrics": [(metric.metric_name, metric.last) for metric in component.metrics],
    }
    try:
        with loaded:
            pass
    except Exception as error:  # noqa: BLE001 - the SDK and botocore have many
        shown["writing"] = str(error)
    print(json.dumps(shown))


main(*sys.argv[1:])
