#!/bin/sh
# A trial component's parameter is a number or a text. One would expect sagemaker-experiments to send shuffle=True as the text
# "True", as it sends None as "None". A bool is a number to Python, so it is sent as {"NumberValue": true}, no number in JSON: in a
# dump of such requests, and from a stand-in that keeps what it was sent, a member of type double holds a boolean.
# Seen with sagemaker-experiments 0.1.45, boto3 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-experiments==0.1.45 boto3==1.44.8' <<'PYTHON'
import importlib.metadata
import logging
import sys

logging.disable()
import boto3
from smexperiments.trial_component import TrialComponent
from stand_in import serve

print(f"sagemaker-experiments {importlib.metadata.version('sagemaker-experiments')}")
sent = []


def answer(_, request):
    sent.append(request["Parameters"])
    return {"TrialComponentArn": "arn:aws:sagemaker:us-east-1:123456789012:experiment-trial-component/a"}


client = boto3.client("sagemaker", endpoint_url=serve(answer))
parameters = {"shuffle": True, "schedule": None, "lr": 0.1}
TrialComponent(client, trial_component_name="a", parameters=parameters).save()
print(f"{parameters} is sent as {sent[0]}")
expected = {"shuffle": {"NumberValue": True}, "schedule": {"StringValue": "None"}, "lr": {"NumberValue": 0.1}}
sys.exit(0 if sent[0] == expected and sent[0]["shuffle"]["NumberValue"] is True else 1)
PYTHON
