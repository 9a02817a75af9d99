#!/bin/sh
# botocore's Stubber plays answers back in tests. One would expect it to take what the client itself returned, and to return what
# the client would. A diverged job's metric, which the client returns as the text "NaN", is refused; a time as text is taken and
# comes back as text, where the client gives a datetime; and a status that the model does not know passes.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import datetime
import sys

import botocore
import botocore.exceptions
import botocore.session
from botocore.stub import Stubber
from stand_in import serve

session = botocore.session.Session()
print(f"botocore {botocore.__version__}")


def search(client):
    return client.search(Resource="TrainingJob")["Results"][0]["TrainingJob"]


def page(job):
    return {"Results": [{"TrainingJob": job}]}


def played_back(job):
    client = session.create_client("sagemaker")
    with Stubber(client) as stubber:
        stubber.add_response("search", page(job))
        return search(client)


metric = {"FinalMetricDataList": [{"MetricName": "loss", "Value": "NaN"}]}
returned = search(session.create_client("sagemaker", endpoint_url=serve(page(metric))))
try:
    refused = not played_back(returned)
except botocore.exceptions.ParamValidationError as error:
    refused = True
    print(f"the client returned {returned}, the Stubber says: {error}")
job = {"CreationTime": "2024-01-05T10:00:00Z", "TrainingJobStatus": "Paused"}
real, stubbed = search(session.create_client("sagemaker", endpoint_url=serve(page(job)))), played_back(job)
print(f"{job} is {real} from the client and {stubbed} from the Stubber")
sys.exit(0 if refused and isinstance(real["CreationTime"], datetime.datetime) and stubbed == job else 1)
PYTHON
