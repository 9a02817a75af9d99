#!/bin/sh
# One would expect `aws sagemaker wait` and boto3's get_waiter to come back when the job has ended. They come back after 180 looks, two
# minutes apart, for a training job and after 60 looks in an hour for a transform or processing job, with the error "Max attempts
# exceeded", while the job goes on as it may: the service model lets a processing job take nine days. A script that takes the error
# for a failed job is wrong. For a tuning job, the longest of all, there is no waiter.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys
from unittest import mock

import botocore
import botocore.exceptions
import botocore.session
from stand_in import serve

session = botocore.session.Session()
print(f"botocore {botocore.__version__}")
model = session.get_service_model("sagemaker")
running = {"TrainingJobStatus": "InProgress", "ProcessingJobStatus": "InProgress", "TransformJobStatus": "InProgress"}
client = session.create_client("sagemaker", endpoint_url=serve(running))
hours = {}
for kind in ("training", "transform", "processing"):
    with mock.patch("time.sleep") as sleep:
        try:
            client.get_waiter(f"{kind}_job_completed_or_stopped").wait(**{f"{kind.title()}JobName": "a"})
        except botocore.exceptions.WaiterError as error:
            hours[kind] = round(sum(call.args[0] for call in sleep.call_args_list) / 3600)
            print(f"{hours[kind]} h: {error}")
longest = model.shape_for("ProcessingMaxRuntimeInSeconds").metadata["max"] / 86400
tuning = [name for name in client.waiter_names if "tuning" in name]
print(f"a processing job may take {longest:g} days; waiters for a tuning job: {tuning}")
sys.exit(0 if hours == {"training": 6, "transform": 1, "processing": 1} and longest == 9 and not tuning else 1)
PYTHON
