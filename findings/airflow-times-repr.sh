#!/bin/sh
# Airflow's SageMaker operators return the job's description, for the next task and for whoever exports XComs. One would expect
# its times as JSON has them elsewhere, in ISO 8601 or as seconds. They are Python's source text, "datetime.datetime(2023, 11, 14,
# ..., tzinfo=tzlocal())", in the zone of the worker, whose name the text does not say; no reader of JSON or SQL takes it for a time.
# Seen with apache-airflow-providers-amazon 9.39.0.
. "$(dirname "$0")/lib"
in_packages 'apache-airflow-providers-amazon==9.39.0' <<'PYTHON'
import importlib.metadata
import logging
import os
import sys
import warnings
from pathlib import Path

from stand_in import serve

logging.disable()
warnings.simplefilter("ignore")
arn = "arn:aws:sagemaker:us-east-1:123456789012:training-job/a"
job = {"TrainingJobName": "a", "TrainingJobArn": arn, "TrainingJobStatus": "Completed", "CreationTime": 1700000000}
os.environ |= {"AIRFLOW_HOME": str(Path.cwd()), "AWS_ENDPOINT_URL_SAGEMAKER": serve(job)}
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator

print(f"apache-airflow-providers-amazon {importlib.metadata.version('apache-airflow-providers-amazon')}")
operator = SageMakerTrainingOperator(
    task_id="train",
    config={
        "TrainingJobName": "a",
        "AlgorithmSpecification": {"TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "RoleArn": "arn:aws:iam::123456789012:role/Training",
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    },
    aws_conn_id=None,
    check_if_job_exists=False,
    print_log=False,
    wait_for_completion=False,
)
time = operator.execute({})["Training"]["CreationTime"]
print(f"CreationTime of the result: {time!r}")
sys.exit(0 if isinstance(time, str) and time.startswith("datetime.datetime(2023, 11, 1") and "tzlocal()" in time else 1)
PYTHON
