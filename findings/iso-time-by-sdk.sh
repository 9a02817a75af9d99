#!/bin/sh
# The service writes times as seconds since 1970. Who plays a dump back to an SDK from a stand-in meets times as dumps have them:
# "2024-01-05T10:00:00Z". boto3 reads them, so one would expect the others to do so. The SDK for JavaScript refuses the whole
# response, not the member, and says "Expected real number, got implicit NaN", which names neither the member nor the text;
# capo-sagemaker refuses it as well.
# Seen with botocore 1.44.8, capo-sagemaker 0.11.0, @aws-sdk/client-sagemaker 3.1142.0.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8 capo-sagemaker==0.11.0' <<'PYTHON' || exit
import sys

import botocore
import botocore.session
from capo_sagemaker import SageMakerClient
from stand_in import serve

url = serve({"TrainingJobName": "a", "CreationTime": "2024-01-05T10:00:00Z"})
client = botocore.session.Session().create_client("sagemaker", endpoint_url=url)
print(f"botocore {botocore.__version__}: {client.describe_training_job(TrainingJobName='a')['CreationTime']}")
try:
    print("capo-sagemaker:", SageMakerClient(endpoint=url, region="us-east-1").describe_training_job(training_job_name="a"))
except ValueError as error:
    print("capo-sagemaker:", error)
    sys.exit(0)
sys.exit(1)
PYTHON
in_npm '@aws-sdk/client-sagemaker@3.1142.0' <<'NODE'
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { serve } from "./stand_in.mjs";

const endpoint = await serve({ TrainingJobName: "a", CreationTime: "2024-01-05T10:00:00Z" });
const client = new SageMakerClient({ endpoint, region: "us-east-1" });
try {
  console.log("SDK for JavaScript:", await client.send(new DescribeTrainingJobCommand({ TrainingJobName: "a" })));
} catch (error) {
  console.log("SDK for JavaScript:", error.message.split("\n")[0]);
  process.exit(error.message.includes("implicit NaN") ? 0 : 1);
}
process.exit(1);
NODE
