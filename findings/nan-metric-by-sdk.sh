#!/bin/sh
# A JSON protocol of AWS writes a metric that is no number as text: "Value": "NaN". One would expect every SDK to give the model's
# type, a floating-point number. capo-sagemaker does. boto3 hands the text through: a float member that holds a str, which a dump
# keeps as "NaN" and a comparison refuses. The SDK for JavaScript gives the number NaN, which JSON.stringify writes as null: in
# its dumps the metrics of a diverged job cannot be told from missing ones, nor Infinity from NaN.
# Seen with botocore 1.44.8, capo-sagemaker 0.11.0, @aws-sdk/client-sagemaker 3.1142.0.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8 capo-sagemaker==0.11.0' <<'PYTHON' || exit
import sys

import botocore
import botocore.session
from capo_sagemaker import SageMakerClient
from stand_in import serve

url = serve({"FinalMetricDataList": [{"MetricName": "loss", "Value": "NaN"}]})
client = botocore.session.Session().create_client("sagemaker", endpoint_url=url)
boto = client.describe_training_job(TrainingJobName="a")["FinalMetricDataList"][0]["Value"]
capo = SageMakerClient(endpoint=url, region="us-east-1").describe_training_job(training_job_name="a")["final_metric_data_list"][0]["value"]
print(f"botocore {botocore.__version__}: {boto!r}\ncapo-sagemaker: {capo!r}")
sys.exit(0 if boto == "NaN" and isinstance(capo, float) else 1)
PYTHON
in_npm '@aws-sdk/client-sagemaker@3.1142.0' <<'NODE'
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { serve } from "./stand_in.mjs";

const endpoint = await serve({ FinalMetricDataList: [{ MetricName: "loss", Value: "NaN" }] });
const client = new SageMakerClient({ endpoint, region: "us-east-1" });
const metrics = (await client.send(new DescribeTrainingJobCommand({ TrainingJobName: "a" }))).FinalMetricDataList;
console.log("SDK for JavaScript:", metrics[0].Value, "written as", JSON.stringify(metrics));
process.exit(Number.isNaN(metrics[0].Value) && JSON.parse(JSON.stringify(metrics))[0].Value === null ? 0 : 1);
NODE
