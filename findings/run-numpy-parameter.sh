#!/bin/sh
# A run of SageMaker Experiments logs its parameters, and one of them comes from NumPy or a pandas row: an int64 or a float32. One
# would expect log_parameter to take it as a number, or to refuse it. It takes it. When the run ends, boto3 refuses the update that has
# all parameters, the end and the status, so none of them is written: the component has no parameter and is InProgress for good, and
# Search finds it neither by its parameters nor as completed. A float64, which is a Python float, is written.
# Seen with sagemaker 2.257.7, numpy 2.4.6.
. "$(dirname "$0")/lib"
in_packages 'sagemaker==2.257.7 numpy==2.4.6' <<'PYTHON'
import importlib.metadata
import logging
import os
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable()
import boto3
import numpy
from botocore.exceptions import ParamValidationError
from stand_in import serve

ARN = "arn:aws:sagemaker:us-east-1:123456789012:experiment/e"
answers = {
    "CreateExperiment": {"ExperimentArn": ARN},
    "CreateTrial": {"TrialArn": ARN},
    "CreateTrialComponent": {"TrialComponentArn": ARN},
    "Search": {"Results": []},
}
component = {}  # as the service has it after what was sent


def answer(operation, request):
    if operation == "UpdateTrialComponent":
        component.update(request)
    return answers.get(operation, {})


os.environ["AWS_ENDPOINT_URL_SAGEMAKER"] = serve(answer)
import sagemaker
from sagemaker.experiments.run import Run

session = sagemaker.Session(boto3.Session(), default_bucket="bucket")


def log(**parameters):
    component.clear()
    try:
        with Run(experiment_name="e", run_name="r", sagemaker_session=session) as run:
            for name, value in parameters.items():
                run.log_parameter(name, value)
            outcome = "has logged all"
        outcome = "has ended"
    except ParamValidationError as error:
        outcome += f", and then: {error.kwargs['report']}"
    kept = component["Parameters"], component["Status"]["PrimaryStatus"]
    print(f"{parameters}: the run {outcome}\n    the service has {kept[0]}, {kept[1]}")
    return kept


print(f"sagemaker {importlib.metadata.version('sagemaker')}, numpy {numpy.__version__}")
python = log(optimizer="adam", epochs=10, lr=0.5)
double = log(optimizer="adam", epochs=10, lr=numpy.float64(0.5))
whole = log(optimizer="adam", epochs=numpy.int64(10), lr=0.5)
single = log(optimizer="adam", epochs=10, lr=numpy.float32(0.5))
right = {"optimizer": {"StringValue": "adam"}, "epochs": {"NumberValue": 10}, "lr": {"NumberValue": 0.5}}, "Completed"
sys.exit(0 if python == double == right and whole == single == ({}, "InProgress") else 1)
PYTHON
