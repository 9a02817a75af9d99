#!/bin/sh
# The service gets new members more often than a dump's SDK is updated. One would expect an SDK to hand on a member that its model
# does not know: it is there in the JSON. boto3, the SDK for JavaScript and capo-sagemaker drop it at every level, without a
# word, so a dump has what the model of its day had, and exporting again with a newer SDK is the only way to the rest.
# Seen with botocore 1.44.8, capo-sagemaker 0.11.0, @aws-sdk/client-sagemaker 3.1142.0.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8 capo-sagemaker==0.11.0' <<'PYTHON' || exit
import sys

import botocore
import botocore.session
from capo_sagemaker import SageMakerClient
from stand_in import serve

url = serve({"TrainingJobName": "a", "CarbonInGrams": 7, "ResourceConfig": {"InstanceCount": 1, "Rack": "b"}})
boto = botocore.session.Session().create_client("sagemaker", endpoint_url=url).describe_training_job(TrainingJobName="a")
boto.pop("ResponseMetadata")
capo = SageMakerClient(endpoint=url, region="us-east-1").describe_training_job(training_job_name="a")
print(f"botocore {botocore.__version__}: {boto}\ncapo-sagemaker: {capo}")
expected = {"TrainingJobName": "a", "ResourceConfig": {"InstanceCount": 1}}
sys.exit(0 if boto == expected and capo == {"training_job_name": "a", "resource_config": {"instance_count": 1}} else 1)
PYTHON
in_npm '@aws-sdk/client-sagemaker@3.1142.0' <<'NODE'
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { serve } from "./stand_in.mjs";

const job = { TrainingJobName: "a", CarbonInGrams: 7, ResourceConfig: { InstanceCount: 1, Rack: "b" } };
const client = new SageMakerClient({ endpoint: await serve(job), region: "us-east-1" });
const { $metadata, ...read } = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: "a" }));
console.log("SDK for JavaScript:", JSON.stringify(read));
process.exit(JSON.stringify(read) === '{"TrainingJobName":"a","ResourceConfig":{"InstanceCount":1}}' ? 0 : 1);
NODE
