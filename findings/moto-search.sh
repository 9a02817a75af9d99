#!/bin/sh
# Tests of code that searches for jobs often run against moto. One would expect its Search to filter, sort and page as the API
# does, or to refuse what it cannot. It answers, and wrongly: Or of two filters finds nothing, as does In; SortBy and MaxResults
# are passed over; a filter by a hyperparameter is an error, as is one without Operator, which the API reads as Equals.
# Seen with moto 5.2.5 and boto3 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'moto==5.2.5 boto3==1.44.8' <<'PYTHON'
import importlib.metadata
import logging
import sys

import boto3
from moto import mock_aws

logging.disable()
print(f"moto {importlib.metadata.version('moto')}; there are the training jobs b, a and c, made in this order")
NAME = "TrainingJobName"
two = [{"Name": NAME, "Operator": "Equals", "Value": name} for name in "ab"]
cases = {
    "a or b": ({"SearchExpression": {"Filters": two, "Operator": "Or"}}, []),
    "in a,b": ({"SearchExpression": {"Filters": [{"Name": NAME, "Operator": "In", "Value": "a,b"}]}}, []),
    "sorted by name": ({"SortBy": NAME, "SortOrder": "Ascending"}, ["b", "a", "c"]),
    "one in a page": ({"MaxResults": 1}, ["b", "a", "c"]),
    "lr = 0.1": ({"SearchExpression": {"Filters": [{"Name": "HyperParameters.lr", "Operator": "Equals", "Value": "0.1"}]}}, "ClientError"),
    "a, no Operator": ({"SearchExpression": {"Filters": [{"Name": NAME, "Value": "a"}]}}, "KeyError"),
}
same = True
with mock_aws():
    client = boto3.client("sagemaker")
    for name in "bac":
        client.create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn="arn:aws:iam::123456789012:role/r",
            OutputDataConfig={"S3OutputPath": "s3://bucket/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            HyperParameters={"lr": "0.1"},
        )
    for case, (request, expected) in cases.items():
        try:
            answer = [one["TrainingJob"][NAME] for one in client.search(Resource="TrainingJob", **request)["Results"]]
        except Exception as error:
            answer = type(error).__name__
        print(f"{case}: {answer}")
        same &= answer == expected
sys.exit(0 if same else 1)
PYTHON
