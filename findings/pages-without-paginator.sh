#!/bin/sh
# The AWS CLI follows NextToken by itself and prints all there is, and boto3 has get_paginator for it. One would expect so of each
# operation that answers in pages. query-lineage, list-hubs, list-hub-contents and describe-feature-group, whose features come
# in pages too, have no paginator in botocore's data: the CLI prints the first page, exit 0, and a dump made so lacks the rest.
# Seen with awscli 1.46.3.
. "$(dirname "$0")/lib"
in_packages 'awscli==1.46.3' <<'PYTHON'
import json
import subprocess
import sys
from pathlib import Path

from stand_in import serve

LISTS = {
    "list-training-jobs": ("ListTrainingJobs", "TrainingJobSummaries", {"TrainingJobName": "a"}),
    "query-lineage": ("QueryLineage", "Vertices", {"Arn": "arn:aws:sagemaker:us-east-1:123456789012:artifact/a"}),
    "list-hubs": ("ListHubs", "HubSummaries", {"HubName": "a"}),
    "describe-feature-group --feature-group-name a": ("DescribeFeatureGroup", "FeatureDefinitions", {"FeatureName": "a"}),
}


def answer(operation, request):
    """Two pages of one element each, whatever is listed."""
    (page,) = ({member: [element]} for name, member, element in LISTS.values() if name == operation)
    return page if "NextToken" in request else page | {"NextToken": "second"}


aws = [sys.executable, str(Path(sys.executable).with_name("aws"))]
print(subprocess.run([*aws, "--version"], capture_output=True, text=True, check=True).stdout.split()[0])
url = serve(answer)
counts = []
for command, (_, member, _) in LISTS.items():
    run = subprocess.run([*aws, "sagemaker", *command.split(), "--endpoint-url", url], capture_output=True, text=True, check=True)
    counts.append(len(json.loads(run.stdout)[member]))
    print(f"{command.split()[0]}: {counts[-1]} of 2 {member}, exit {run.returncode}")
sys.exit(0 if counts == [2, 1, 1, 1] else 1)
PYTHON
