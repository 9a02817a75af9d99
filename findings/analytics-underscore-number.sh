#!/bin/sh
# A tuning job's categorical parameter, such as the layers "64_32" or "128_64", is text. One would expect it so in the table of
# HyperparameterTuningJobAnalytics, which knows the ranges. Whatever Python's float() takes becomes a number, and float() takes
# underscores: 64_32 is 6432.0 in the table. So is the category "nan" a missing value, "infinity" infinite, and "007" 7.0.
# Seen with sagemaker 2.257.7.
. "$(dirname "$0")/lib"
in_packages 'sagemaker==2.257.7' <<'PYTHON'
import logging
import math
import sys
import warnings

logging.disable()
warnings.simplefilter("ignore")
import boto3
import sagemaker
from stand_in import serve

print(f"sagemaker {sagemaker.__version__}")
tuned = {"layers": "64_32", "augment": "nan", "clip": "infinity", "variant": "007", "optimizer": "adam"}
job = {
    "TrainingJobName": "a",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/a",
    "TrainingJobStatus": "Completed",
    "CreationTime": 1700000000,
    "TunedHyperParameters": tuned,
}
client = boto3.client("sagemaker", endpoint_url=serve({"TrainingJobSummaries": [job]}))
session = sagemaker.Session(boto_session=boto3.Session(), sagemaker_client=client, default_bucket="bucket")
(row,) = sagemaker.HyperparameterTuningJobAnalytics("tuning", sagemaker_session=session).dataframe().to_dict("records")
print(f"of {tuned} the table has { {name: row[name] for name in tuned} }")
right = (row["layers"], row["clip"], row["variant"], row["optimizer"]) == (6432.0, math.inf, 7.0, "adam")
sys.exit(0 if right and math.isnan(row["augment"]) else 1)
PYTHON
