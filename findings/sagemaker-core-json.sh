#!/bin/sh
# The resources of sagemaker-core are pydantic models. One would expect model_dump_json, which such models have, to write a job. It
# raises for each member that the service did not send, since those hold an object Unassigned, which is no None either. json.dumps
# with default=str, the next idea, writes them as "": a time, a number and a list that are the empty text.
# Seen with sagemaker-core 2.27.0.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-core==2.27.0' <<'PYTHON'
import importlib.metadata
import json
import logging
import os
import sys
import warnings

from stand_in import serve

logging.disable()
warnings.simplefilter("ignore")
arn = "arn:aws:sagemaker:us-east-1:123456789012:training-job/a"
job = {"TrainingJobName": "a", "TrainingJobArn": arn, "TrainingJobStatus": "InProgress", "CreationTime": 1700000000}
os.environ["AWS_ENDPOINT_URL_SAGEMAKER"] = serve(job)
import boto3
from pydantic_core import PydanticSerializationError
from sagemaker.core.resources import TrainingJob

print(f"sagemaker-core {importlib.metadata.version('sagemaker-core')}")
resource = TrainingJob.get("a", session=boto3.Session(), region="us-east-1")
print(f"failure_reason is {resource.failure_reason!r}")
try:
    print(resource.model_dump_json())
    raised = False
except PydanticSerializationError as error:
    raised = True
    print("model_dump_json:", error)
written = json.loads(json.dumps(resource.model_dump(), default=str))
empty = sorted(name for name, value in written.items() if value == "")
print(f"json.dumps with default=str writes {len(empty)} members as empty text: {', '.join(empty[:3])} ...")
unset = {"training_end_time", "billable_time_in_seconds", "input_data_config"}
sys.exit(0 if raised and resource.failure_reason is not None and unset <= set(empty) else 1)
PYTHON
