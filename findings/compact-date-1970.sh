#!/bin/sh
# boto3 and the AWS CLI take a time as text, in ISO 8601, whose compact form of a day is 20240105. One would expect it to mean the
# 5th of January 2024, as 2024-01-05 does and as 20240105T000000Z does. Text of digits alone is read as seconds since 1970:
# jobs created after 20240105 are those after August 1970, that is all of them, and nothing says so.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import datetime
import sys

import botocore
import botocore.session
from stand_in import serve

sent = []


def answer(_, request):
    sent.append(datetime.datetime.fromtimestamp(request["CreationTimeAfter"], datetime.UTC))
    return {"TrainingJobSummaries": []}


print(f"botocore {botocore.__version__}")
client = botocore.session.Session().create_client("sagemaker", endpoint_url=serve(answer))
for after in ("2024-01-05", "20240105T000000Z", "20240105", "2024"):
    client.list_training_jobs(CreationTimeAfter=after)
    print(f"CreationTimeAfter={after} asks for jobs after {sent[-1]}")
day = datetime.datetime(2024, 1, 5, tzinfo=datetime.UTC)
sys.exit(0 if sent[:2] == [day, day] and [time.year for time in sent[2:]] == [1970, 1970] else 1)
PYTHON
