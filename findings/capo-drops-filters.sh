#!/bin/sh
# capo-sagemaker has the service's members in snake_case. One would expect an expression in the service's own names, as boto3 takes
# and as the CLI prints it, to be sent or to be refused; boto3 refuses each name that it does not know. capo-sagemaker sends
# what it knows, so of {"Filters": ...} nothing is left: the request has an empty expression, which every job matches, and a misspelt
# "operator" leaves a filter without one.
# Seen with capo-sagemaker 0.11.0, and botocore 1.44.8 beside it.
. "$(dirname "$0")/lib"
in_packages 'capo-sagemaker==0.11.0 botocore==1.44.8' <<'PYTHON'
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
