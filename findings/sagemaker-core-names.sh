#!/bin/sh
# sagemaker-core, the lower half of SageMaker's Python SDK 3, has names in snake_case, and `serialize` to write an object in the
# service's names again. One would expect the names that the service gave. They are guessed from snake_case, so names with
# capitals in a row come back otherwise: MaxPayloadInMB as MaxPayloadInMb, AutoMLJobArn as AutoMlJobArn. A dump made so has
# members that the service model does not know, and boto3 refuses them. (TransformJob.create sends the right name.)
# Seen with sagemaker-core 2.27.0.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-core==2.27.0' <<'PYTHON'
import importlib.metadata
import logging
import sys

logging.disable()
import boto3
import botocore.exceptions
from sagemaker.core import shapes
from sagemaker.core.utils.utils import serialize

print(f"sagemaker-core {importlib.metadata.version('sagemaker-core')}")
arn = "arn:aws:sagemaker:us-east-1:123456789012:automl-job/a"
job = shapes.TransformJob(transform_job_name="a", max_payload_in_mb=6, auto_ml_job_arn=arn)
written = serialize(job)
print("serialize gives", written)
members = boto3.client("sagemaker").meta.service_model.shape_for("TransformJob").members
strange = sorted(written.keys() - members.keys())
print("unknown to the service model:", ", ".join(strange))
sys.exit(0 if strange == ["AutoMlJobArn", "MaxPayloadInMb"] else 1)
PYTHON
