#!/bin/sh
# EventBridge writes a job's times in milliseconds, the API in seconds. A stand-in that plays such records back answers a page
# with one time too large. One would expect boto3 to give that member as it is, or to leave it out. It raises, and all records of
# the page are lost; the error names neither the record nor the member.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import json
import sys

import botocore
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError
from botocore.parsers import ResponseParserError

TIMES = {"right": 1700000000, "of an event": 1700000000603, "right too": 1700000001.5}
PAGE = {"Results": [{"TrainingJob": {"TrainingJobName": name, "CreationTime": time}} for name, time in TIMES.items()]}


class Body:
    def stream(self):
        yield json.dumps(PAGE).encode()


client = botocore.session.Session().create_client("sagemaker")
client.meta.events.register("before-send", lambda request, **_: AWSResponse(request.url, 200, {}, Body()))
print(f"botocore {botocore.__version__}")
try:
    print(f"{len(client.search(Resource='TrainingJob')['Results'])} records")
except (BotoCoreError, ResponseParserError, ValueError) as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(0 if not any(word in str(error) for word in ("of an event", "CreationTime")) else 1)
sys.exit(1)
PYTHON
