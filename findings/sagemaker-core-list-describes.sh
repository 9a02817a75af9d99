#!/bin/sh
# One would expect to list jobs with TrainingJob.get_all of sagemaker-core at the cost of ListTrainingJobs: one request for a page
# of up to a hundred. Each step of the iterator describes its job as well, so a page of N jobs is N + 1 requests, where boto3's
# paginator makes one. What is had for it is a full description, where boto3 has a summary: dumps of the same listing differ.
# Seen with sagemaker-core 2.27.0.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-core==2.27.0' <<'PYTHON'
import importlib.metadata
import logging
import os
import sys

from stand_in import serve

logging.disable()
NAMES = ["a", "b", "c"]
requests = []


def job(name):
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{name}"
    return {"TrainingJobName": name, "TrainingJobArn": arn, "TrainingJobStatus": "Completed", "CreationTime": 1700000000}


def answer(operation, request):
    requests.append(operation)
    single = "TrainingJobName" in request
    return job(request["TrainingJobName"]) if single else {"TrainingJobSummaries": [job(name) for name in NAMES]}


os.environ["AWS_ENDPOINT_URL_SAGEMAKER"] = serve(answer)
import boto3
from sagemaker.core.resources import TrainingJob

print(f"sagemaker-core {importlib.metadata.version('sagemaker-core')}")
names = [each.training_job_name for each in TrainingJob.get_all(session=boto3.Session(), region="us-east-1")]
print(f"{names} with the requests {requests}")
sys.exit(0 if requests == ["ListTrainingJobs"] + ["DescribeTrainingJob"] * len(NAMES) else 1)
PYTHON
