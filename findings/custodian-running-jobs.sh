#!/bin/sh
# A policy of Cloud Custodian for aws.sagemaker-job without filters matches, one would expect, each training job. It asks the
# service for jobs that are running, and sees no other: a policy that looks for failed jobs, or for old ones without a tag, reports
# 0 and success. A query in the policy changes that, one status at a time.
# Seen with c7n 0.9.53.
. "$(dirname "$0")/lib"
in_packages 'c7n==0.9.53' <<'PYTHON'
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

from stand_in import serve

STATUSES = {"a": "Completed", "b": "InProgress", "c": "Failed"}
POLICIES = """
policies:
  - name: jobs
    resource: aws.sagemaker-job
  - name: failed
    resource: aws.sagemaker-job
    filters: [{TrainingJobStatus: Failed}]
  - name: failed-by-query
    resource: aws.sagemaker-job
    query: [{StatusEquals: Failed}]
"""


def job(name):
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{name}"
    return {"TrainingJobName": name, "TrainingJobArn": arn, "TrainingJobStatus": STATUSES[name], "CreationTime": 1700000000}


def answer(operation, request):
    """The service, as far as these policies ask it."""
    if operation == "ListTrainingJobs":
        wanted = request.get("StatusEquals")
        return {"TrainingJobSummaries": [job(name) for name, status in STATUSES.items() if wanted in (None, status)]}
    return job(request["TrainingJobName"]) if operation == "DescribeTrainingJob" else {"Tags": []}


print(f"c7n {importlib.metadata.version('c7n')}, jobs {STATUSES}")
Path("policies.yml").write_text(POLICIES)
custodian = str(Path(sys.executable).with_name("custodian"))
environment = os.environ | {"AWS_ENDPOINT_URL_SAGEMAKER": serve(answer)}
command = [custodian, "run", "-s", "out", "--cache-period", "0", "--region", "us-east-1", "policies.yml"]
subprocess.run(command, capture_output=True, check=True, env=environment)
matched = {}
for policy in ("jobs", "failed", "failed-by-query"):
    matched[policy] = [each["TrainingJobName"] for each in json.loads(Path("out", policy, "resources.json").read_text())]
    print(f"policy {policy} matches {matched[policy]}")
sys.exit(0 if matched == {"jobs": ["b"], "failed": [], "failed-by-query": ["c"]} else 1)
PYTHON
