#!/bin/sh
# sagemaker-core, the lower half of SageMaker's Python SDK 3: refresh() asks the service again, and one would expect what get()
# gives. It writes the members of the new answer over the old ones, and what the new answer no longer has stays: an endpoint that is
# InService again keeps the FailureReason of its last update, and a deployment that "is pending" since.
# Seen with sagemaker-core 2.27.0.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-core==2.27.0' <<'PYTHON'
import importlib.metadata
import logging
import os
import sys

logging.disable()
from stand_in import serve

described = {
    "EndpointName": "a",
    "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/a",
    "EndpointConfigName": "new",
    "CreationTime": 1700000000,
    "LastModifiedTime": 1700000100,
}
updating = {"EndpointStatus": "Updating", "FailureReason": "no capacity", "PendingDeploymentSummary": {"EndpointConfigName": "new"}}
answers = iter([described | updating, *[described | {"EndpointStatus": "InService"}] * 2])
os.environ["AWS_ENDPOINT_URL"] = serve(lambda *_: next(answers))
from sagemaker.core.resources import Endpoint
from sagemaker.core.utils.utils import Unassigned

print(f"sagemaker-core {importlib.metadata.version('sagemaker-core')}")
refreshed = Endpoint.get("a").refresh()
got = Endpoint.get("a")
unset = {}
for door, endpoint in {"refresh": refreshed, "get": got}.items():
    members = {"failure_reason": endpoint.failure_reason, "pending_deployment_summary": endpoint.pending_deployment_summary}
    unset[door] = [name for name, value in members.items() if isinstance(value, Unassigned)]
    print(f"{door}: {endpoint.endpoint_status}, has {', '.join(members.keys() - unset[door]) or 'neither of the two'}")
both = ["failure_reason", "pending_deployment_summary"]
sys.exit(0 if refreshed.endpoint_status == got.endpoint_status and unset == {"refresh": [], "get": both} else 1)
PYTHON
