#!/bin/sh
# boto3 refuses each name of a request that it does not know. One would expect so of other SDKs, or that they send what they were
# given. capo-sagemaker, which has the members in snake_case, and the SDK for JavaScript send what they know and drop the rest: of an
# expression in the other spelling nothing is left, so it is an empty one, which every job matches; a misspelt "operator" leaves
# a filter without one, and ListTrainingJobs with StatusEqual (for StatusEquals) lists all jobs. A value that is no text, and a list for
# a text, the SDK for JavaScript sends as they are.
# Seen with capo-sagemaker 0.11.0, @aws-sdk/client-sagemaker 3.1142.0, and botocore 1.44.8 beside them.
. "$(dirname "$0")/lib"
in_packages 'capo-sagemaker==0.11.0 botocore==1.44.8' <<'PYTHON' || exit
import importlib.metadata
import sys

import botocore.exceptions
import botocore.session
from capo_sagemaker import SageMakerClient
from stand_in import serve

print(f"capo-sagemaker {importlib.metadata.version('capo-sagemaker')}")
sent = []


def answer(_, request):
    sent.append(request["SearchExpression"])
    return {"Results": []}


url = serve(answer)
client = SageMakerClient(endpoint=url, region="us-east-1")
of_service = {"Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Failed"}]}
misspelt = {"filters": [{"name": "TrainingJobStatus", "operater": "NotEquals", "value": "Failed"}]}
for expression in (of_service, misspelt):
    client.search(resource="TrainingJob", search_expression=expression)
    print(f"{expression} is sent as {sent[-1]}")
boto = botocore.session.Session().create_client("sagemaker", endpoint_url=url)
try:
    boto.search(Resource="TrainingJob", SearchExpression=misspelt)
except botocore.exceptions.ParamValidationError as error:
    print("botocore:", str(error).splitlines()[1])
    sys.exit(0 if sent == [{}, {"Filters": [{"Name": "TrainingJobStatus", "Value": "Failed"}]}] else 1)
sys.exit(1)
PYTHON
in_npm '@aws-sdk/client-sagemaker@3.1142.0' <<'NODE'
import { ListTrainingJobsCommand, SageMakerClient, SearchCommand } from "@aws-sdk/client-sagemaker";
import { serve } from "./stand_in.mjs";

let sent;
const endpoint = await serve((_, request) => {
  sent = request;
  return { Results: [], TrainingJobSummaries: [] };
});
const client = new SageMakerClient({ endpoint, region: "us-east-1" });
const search = (SearchExpression) => new SearchCommand({ Resource: "TrainingJob", SearchExpression });
const kept = { Name: "TrainingJobName", Operator: "In", Value: ["a", "b"] };
const cases = [
  [search({ filters: [{ name: "TrainingJobStatus", value: "Failed" }] }), { Resource: "TrainingJob", SearchExpression: {} }],
  [search({ Filters: [kept] }), { Resource: "TrainingJob", SearchExpression: { Filters: [kept] } }],
  [new ListTrainingJobsCommand({ StatusEqual: "Failed" }), {}],
];
let same = true;
console.log("SDK for JavaScript 3.1142.0");
for (const [command, expected] of cases) {
  await client.send(command);
  console.log(JSON.stringify(command.input), "is sent as", JSON.stringify(sent));
  same &&= JSON.stringify(sent) === JSON.stringify(expected);
}
process.exit(same ? 0 : 1);
NODE
