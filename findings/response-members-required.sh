#!/bin/sh
# A training job that runs has no TrainingEndTime, and only a failed one has a FailureReason. One would expect the type stubs of
# boto3 to say so. In mypy-boto3-sagemaker the response of DescribeTrainingJob requires each of its members, so a type checker
# lets job["FailureReason"] pass, which is a KeyError; the same job in a Search result has them all NotRequired, and there the
# checker warns. aws-resource-validator, whose pydantic models have the same names and the same demand, refuses the description of
# a running job.
# Seen with mypy-boto3-sagemaker 1.43.125, aws-resource-validator-sagemaker 2.6.0.
. "$(dirname "$0")/lib"
in_packages 'mypy-boto3-sagemaker==1.43.125 aws-resource-validator-sagemaker==2.6.0' <<'PYTHON'
import importlib.metadata
import sys

import mypy_boto3_sagemaker.type_defs as stubs
import pydantic
from aws_resource_validator.pydantic_models.sagemaker import sagemaker_classes as models

print(f"mypy-boto3-sagemaker {importlib.metadata.version('mypy-boto3-sagemaker')}")


def optional(response):
    return {name for name, hint in response.__annotations__.items() if "NotRequired[" in str(hint)}


described, searched = (optional(each) for each in (stubs.DescribeTrainingJobResponseTypeDef, stubs.TrainingJobTypeDef))
print(f"members that may be absent: {len(described)} of a description, {len(searched)} of the same job in a Search result")
job = {
    "TrainingJobName": "a",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/a",
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Training",
    "AlgorithmSpecification": {"TrainingInputMode": "File"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "CreationTime": "2024-01-05T10:00:00Z",
}
missing = []
try:
    models.DescribeTrainingJobResponseTypeDef.model_validate(job)
except pydantic.ValidationError as error:
    missing = [".".join(map(str, one["loc"])) for one in error.errors() if one["type"] == "missing"]
print(f"aws-resource-validator refuses a running job for want of {len(missing)} members: {', '.join(missing[:4])} ...")
wanted = {"FailureReason", "TrainingEndTime"}
sys.exit(0 if not described and wanted <= searched and wanted <= set(missing) else 1)
PYTHON
