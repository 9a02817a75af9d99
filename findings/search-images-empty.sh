#!/bin/sh
# Search takes the resources Image and ImageVersion: the service model lists them. One would expect a result to have a member for
# each resource that can be searched, as TrainingJob has. There is none for these two, so boto3 drops what the service says of
# them: as many empty objects as there are images, beside a TotalHits that counts them. (ExperimentTrial and
# ExperimentTrialComponent come back under other names, Trial and TrialComponent.)
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys

import botocore
import botocore.session
from stand_in import serve

session = botocore.session.Session()
print(f"botocore {botocore.__version__}")
model = session.get_service_model("sagemaker")
without = sorted(set(model.shape_for("ResourceType").enum) - model.shape_for("SearchRecord").members.keys())
print("resources without a member of that name in a result:", ", ".join(without))
page = {"Results": [{"Image": {"ImageName": "a"}}, {"Image": {"ImageName": "b"}}], "TotalHits": {"Value": 2, "Relation": "EqualTo"}}
answer = session.create_client("sagemaker", endpoint_url=serve(page)).search(Resource="Image")
print(f"of {page} boto3 gives {answer['Results']}, {answer['TotalHits']}")
known = ["ExperimentTrial", "ExperimentTrialComponent", "Image", "ImageVersion"]
sys.exit(0 if without == known and answer["Results"] == [{}, {}] else 1)
PYTHON
