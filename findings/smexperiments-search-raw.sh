#!/bin/sh
# sagemaker-experiments gives a trial component's parameters as plain values from load: {"lr": 0.1}. One would expect the same
# from its search. There they are as the service wrote them, {"lr": {"NumberValue": 0.1}}, beside attributes in snake_case;
# metrics and artifacts are dicts in the service's spelling instead of objects. Code that reads component.parameters["lr"] works
# with one door alone.
# Seen with sagemaker-experiments 0.1.45 and boto3 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'sagemaker-experiments==0.1.45 boto3==1.44.8' <<'PYTHON'
import importlib.metadata
import logging
import sys

logging.disable()
import boto3
from botocore.stub import Stubber
from smexperiments.trial_component import TrialComponent

COMPONENT = {
    "TrialComponentName": "t",
    "Parameters": {"lr": {"NumberValue": 0.1}, "optimizer": {"StringValue": "adam"}},
    "Metrics": [{"MetricName": "loss", "Last": 0.5}],
}
print(f"sagemaker-experiments {importlib.metadata.version('sagemaker-experiments')}")
client = boto3.client("sagemaker")
with Stubber(client) as service:
    service.add_response("describe_trial_component", COMPONENT)
    loaded = TrialComponent.load("t", sagemaker_boto_client=client)
    service.add_response("search", {"Results": [{"TrialComponent": COMPONENT}]})
    (searched,) = TrialComponent.search(sagemaker_boto_client=client)
for door, component in (("load", loaded), ("search", searched)):
    print(f"{door}: {component.parameters}, metrics of type {type(component.metrics[0]).__name__}")
plain = {"lr": 0.1, "optimizer": "adam"}
sys.exit(0 if loaded.parameters == plain and searched.parameters == COMPONENT["Parameters"] else 1)
PYTHON
