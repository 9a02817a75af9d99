#!/bin/sh
# SageMaker's Python SDK 2 turns hyperparameters into text. One would expect the same text from whichever estimator starts the job.
# The general Estimator writes str(value): sgd, True, None. An estimator of a framework, such as PyTorch, writes JSON: "sgd" with the
# quotes, true, null. So HyperParameters.optimizer = sgd, and Equals of the service's Search, finds one half of the jobs, and a
# column of a dump has two spellings of one value.
# Seen with sagemaker 2.257.7.
. "$(dirname "$0")/lib"
in_packages 'sagemaker==2.257.7' <<'PYTHON'
import logging
import sys
import warnings

logging.disable()
warnings.simplefilter("ignore")
import boto3
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.pytorch import PyTorch
from stand_in import serve

print(f"sagemaker {sagemaker.__version__}")
PARAMETERS = {"optimizer": "sgd", "shuffle": True, "schedule": None, "lr": 1e-05, "layers": [64, 32]}
created = []


def answer(operation, request):
    created.append(request["HyperParameters"])
    return {"TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/a"}


client = boto3.client("sagemaker", endpoint_url=serve(answer))
common = {
    "role": "arn:aws:iam::123456789012:role/Training",
    "instance_count": 1,
    "instance_type": "ml.m5.large",
    "output_path": "s3://bucket/output",
    "sagemaker_session": sagemaker.Session(boto_session=boto3.Session(), sagemaker_client=client, default_bucket="bucket"),
    "disable_profiler": True,
}
image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1"
Estimator(image, hyperparameters=dict(PARAMETERS), **common).fit(wait=False, job_name="a")
source = {"entry_point": "train.py", "source_dir": "s3://bucket/source.tar.gz"}
PyTorch(image_uri=image, hyperparameters=dict(PARAMETERS), **source, **common).fit(wait=False, job_name="b")
written = [{name: job[name] for name in PARAMETERS} for job in created]
for kind, parameters in zip(("Estimator", "PyTorch"), written, strict=True):
    print(f"{kind}: {parameters}")
general = {"optimizer": "sgd", "shuffle": "True", "schedule": "None", "lr": "1e-05", "layers": "[64, 32]"}
sys.exit(0 if written == [general, general | {"optimizer": '"sgd"', "shuffle": "true", "schedule": "null"}] else 1)
PYTHON
