#!/bin/sh
# ExperimentAnalytics makes a table of trial components: parameters and metrics become columns. The service keeps a metric of one
# name from two sources apart, by SourceArn. One would expect to see both, or the names of the sources: the column has the last
# one. A parameter called DisplayName takes the place of the component's own. And one component that has no Parameters, which
# the service model does not require, is an AttributeError for the whole table.
# Seen with sagemaker 2.257.7.
. "$(dirname "$0")/lib"
in_packages 'sagemaker==2.257.7' <<'PYTHON'
import logging
import sys
import warnings

logging.disable()
warnings.simplefilter("ignore")
import boto3
import sagemaker
from sagemaker.analytics import ExperimentAnalytics
from stand_in import serve

print(f"sagemaker {sagemaker.__version__}")
bare = {"TrialComponentName": "b", "DisplayName": "second"}
jobs = [f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{name}" for name in "xy"]
full = {
    "TrialComponentName": "a",
    "DisplayName": "first",
    "Parameters": {"DisplayName": {"StringValue": "of the model"}},
    "Metrics": [{"MetricName": "loss", "SourceArn": job, "Min": loss} for job, loss in zip(jobs, (0.1, 0.9), strict=True)],
    "InputArtifacts": {},
    "OutputArtifacts": {},
}


def table(*components):
    client = boto3.client("sagemaker", endpoint_url=serve({"Results": [{"TrialComponent": each} for each in components]}))
    session = sagemaker.Session(boto_session=boto3.Session(), sagemaker_client=client, default_bucket="bucket")
    return ExperimentAnalytics(experiment_name="a", sagemaker_session=session).dataframe()


(row,) = table(full).to_dict("records")
print(f"of loss 0.1 and 0.9 the table has {row['loss - Min']}, as the name of {full['DisplayName']!r} {row['DisplayName']!r}")
try:
    print(table(full, bare))
except AttributeError as error:
    print("with a second component that has no Parameters:", error)
    sys.exit(0 if (row["loss - Min"], row["DisplayName"]) == (0.9, "of the model") else 1)
sys.exit(1)
PYTHON
