#!/bin/sh
# boto3 checks a request by the service model before it sends it. One would expect it to hold all that the model says of a member,
# or none of it. It holds the least length and number, and passes over the greatest, patterns and enumerated values: MaxResults=0
# is refused, MaxResults=1000 and SortOrder="Downward" are sent. Code that is tried against a stand-in, which takes them, fails on the
# service.
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
members = session.get_service_model("sagemaker").operation_model("ListTrainingJobs").input_shape.members
client = session.create_client("sagemaker", endpoint_url=serve({"TrainingJobSummaries": []}))
sent = []
for member, value in (("MaxResults", 0), ("MaxResults", 1000), ("SortOrder", "Downward"), ("NameContains", "a b")):
    try:
        client.list_training_jobs(**{member: value})
        sent.append((member, value))
        outcome = "sent"
    except botocore.exceptions.ParamValidationError as error:
        outcome = str(error).splitlines()[1]
    print(f"{member}={value!r}, where the model has {members[member].metadata}: {outcome}")
sys.exit(0 if sent == [("MaxResults", 1000), ("SortOrder", "Downward"), ("NameContains", "a b")] else 1)
PYTHON
