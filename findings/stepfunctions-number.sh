#!/bin/sh
# The Step Functions SDK for data science writes a TrainingStep's call of CreateTrainingJob, whose hyperparameters are text. With an
# estimator alone they are: "0.1", "True". One would expect a step that overrides one of them to write text as well. As soon as it
# has any hyperparameter of its own, all are written as Python has them, those of the estimator too: 0.5, true, null. The service
# model takes text alone.
# Seen with stepfunctions 2.3.0, sagemaker 2.257.7.
. "$(dirname "$0")/lib"
in_packages 'stepfunctions==2.3.0 sagemaker==2.257.7 setuptools==79.0.1' <<'PYTHON'
import importlib.metadata
import logging
import sys
import warnings

logging.disable()
warnings.simplefilter("ignore")
import boto3
import sagemaker
from botocore.validate import ParamValidator
from sagemaker.estimator import Estimator
from stepfunctions.steps import TrainingStep

print(f"stepfunctions {importlib.metadata.version('stepfunctions')}")
estimator = Estimator(
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1",
    role="arn:aws:iam::123456789012:role/Training",
    instance_count=1,
    instance_type="ml.m5.large",
    output_path="s3://bucket/output",
    sagemaker_session=sagemaker.Session(boto_session=boto3.Session(), default_bucket="bucket"),
    hyperparameters={"lr": 0.1, "shuffle": True, "schedule": None},
)
shape = boto3.client("sagemaker").meta.service_model.shape_for("HyperParameters")
written = []
for own in (None, {"lr": 0.5}):
    step = TrainingStep("train", estimator=estimator, job_name="a", hyperparameters=own)
    written.append(step.to_dict()["Parameters"]["HyperParameters"])
    report = ParamValidator().validate(written[-1], shape)
    print(f"hyperparameters={own}: {written[-1]}, {'refused' if report.has_errors() else 'taken'} by the service model")
text = {"lr": "0.1", "shuffle": "True", "schedule": "None"}
sys.exit(0 if written == [text, {"lr": 0.5, "shuffle": True, "schedule": None}] and report.has_errors() else 1)
PYTHON
