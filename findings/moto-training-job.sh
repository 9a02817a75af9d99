#!/bin/sh
# Tests of code that exports training jobs run against moto. One would expect it to describe what was created. A job that nobody
# ran is Completed at once, and has a metric that nobody sent, train:progress of 100, and a definition of another one, test:dcg.
# A job made again under its name, for which the service model has the error ResourceInUse, takes the place of the first.
# Seen with moto 5.2.5 and boto3 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'moto==5.2.5 boto3==1.44.8' <<'PYTHON'
import importlib.metadata
import sys

import boto3
from moto import mock_aws

print(f"moto {importlib.metadata.version('moto')}")
with mock_aws():
    client = boto3.client("sagemaker")
    for rate in ("0.1", "0.2"):
        client.create_training_job(
            TrainingJobName="a",
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn="arn:aws:iam::123456789012:role/r",
            OutputDataConfig={"S3OutputPath": "s3://bucket/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            HyperParameters={"lr": rate},
        )
    job = client.describe_training_job(TrainingJobName="a")
    count = len(client.list_training_jobs()["TrainingJobSummaries"])
    errors = [shape.name for shape in client.meta.service_model.operation_model("CreateTrainingJob").error_shapes]
metrics = {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}
definitions = [definition["Name"] for definition in job["AlgorithmSpecification"]["MetricDefinitions"]]
print(f"{job['TrainingJobStatus']}, metrics {metrics}, definitions {definitions}")
print(f"made twice, with lr 0.1 and 0.2: {count} job, lr {job['HyperParameters']['lr']}; errors of the model: {', '.join(errors)}")
seen = job["TrainingJobStatus"], metrics, definitions, count, job["HyperParameters"]["lr"], "ResourceInUse" in errors
sys.exit(0 if seen == ("Completed", {"train:progress": 100.0}, ["test:dcg"], 1, "0.2", True) else 1)
PYTHON
