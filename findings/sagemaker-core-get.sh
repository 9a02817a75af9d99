#!/bin/sh
# sagemaker-core, the lower half of SageMaker's Python SDK 3, has a class a kind of resource, with get() to have one. One would
# expect each to read its own description. Workteam, Workforce and SubscribedWorkteam make themselves of the response as it is,
# whose only member is the description, and ImageVersion needs the image's name, which the description has not: get() of these
# four asks the service, and then raises whatever comes. boto3 reads the same responses.
# Seen with sagemaker-core 2.27.0.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-core==2.27.0' <<'PYTHON'
import importlib.metadata
import logging
import os
import sys

logging.disable()
import boto3
import pydantic
from stand_in import serve

arn = "arn:aws:sagemaker:us-east-1:123456789012:"
team = {"WorkteamName": "a", "WorkteamArn": arn + "workteam/a", "MemberDefinitions": [], "Description": "readers"}
seller = {"WorkteamArn": arn + "workteam/b", "MarketplaceTitle": "readers"}
responses = {
    "DescribeWorkteam": {"Workteam": team},
    "DescribeWorkforce": {"Workforce": {"WorkforceName": "a", "WorkforceArn": arn + "workforce/a"}},
    "DescribeSubscribedWorkteam": {"SubscribedWorkteam": seller},
    "DescribeImageVersion": {"ImageArn": arn + "image/a", "ImageVersionArn": arn + "image-version/a/1", "Version": 1},
    "DescribeImage": {"ImageName": "a", "ImageArn": arn + "image/a", "ImageStatus": "CREATED"},
}
os.environ["AWS_ENDPOINT_URL"] = serve(lambda operation, _: responses[operation])
from sagemaker.core import resources
from sagemaker.core.utils.utils import pascal_to_snake

client = boto3.client("sagemaker")
doors = {
    "Workteam": (client.describe_workteam, {"WorkteamName": "a"}),
    "Workforce": (client.describe_workforce, {"WorkforceName": "a"}),
    "SubscribedWorkteam": (client.describe_subscribed_workteam, {"WorkteamArn": seller["WorkteamArn"]}),
    "ImageVersion": (client.describe_image_version, {"ImageName": "a"}),
    "Image": (client.describe_image, {"ImageName": "a"}),
}
print(f"sagemaker-core {importlib.metadata.version('sagemaker-core')}, boto3 {boto3.__version__}")
refused = []
for kind, (describe, request) in doors.items():
    answer = describe(**request)
    print(f"{kind}: boto3 has read {', '.join(answer.keys() - {'ResponseMetadata'})}; ", end="")
    try:
        getattr(resources, kind).get(**{pascal_to_snake(name): value for name, value in request.items()})
        print("so has get")
    except pydantic.ValidationError as error:
        refused.append(kind)
        print(f"get: {error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}")
sys.exit(0 if refused == ["Workteam", "Workforce", "SubscribedWorkteam", "ImageVersion"] else 1)
PYTHON
