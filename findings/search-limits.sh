#!/bin/sh
# One would expect that whatever a job can hold, Search can be asked for. The service model lets a tag's value and a hyperparameter
# be empty, but no value of a filter: boto3 refuses "" before it sends it, so a tag that is only a key is not to be had by its value. A
# hyperparameter may have 2500 characters, a filter's value 1024; the name of a hyperparameter or metric may have so many that
# HyperParameters.NAME or Metrics.NAME is longer than the name of a property may be.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys

import botocore
import botocore.exceptions
import botocore.session
from stand_in import serve

session = botocore.session.Session()
print(f"botocore {botocore.__version__}")
model = session.get_service_model("sagemaker")
value, name = (model.shape_for(shape).metadata for shape in ("FilterValue", "ResourcePropertyName"))
print(f"a filter's value has {value['min']} to {value['max']} characters, a property's name up to {name['max']}")
beyond = []
for shape, prefix in {"TagValue": "", "HyperParameterValue": "", "HyperParameterKey": "HyperParameters.", "MetricName": "Metrics."}.items():
    limits = model.shape_for(shape).metadata
    allowed = name if prefix else value
    if limits["min"] == 0 and not prefix:
        beyond.append(f"an empty {shape}")
    if limits["max"] + len(prefix) > allowed["max"]:
        beyond.append(f"a {shape} of more than {allowed['max'] - len(prefix)} of its {limits['max']}")
print("not to be asked for:", "; ".join(beyond))
client = session.create_client("sagemaker", endpoint_url=serve({"Results": []}))
filters = [{"Name": "Tags.team", "Operator": "Equals", "Value": ""}]
try:
    client.search(Resource="TrainingJob", SearchExpression={"Filters": filters})
except botocore.exceptions.ParamValidationError as error:
    print(error)
    sys.exit(0 if len(beyond) == 5 else 1)
sys.exit(1)
PYTHON
