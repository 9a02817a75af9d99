#!/bin/sh
# `aws sagemaker search --max-items 1` prints a NextToken. One would expect it to be the service's, to go on from boto3 or another
# SDK, or from a dump that keeps the page. It is the CLI's own: base64 of a JSON object with the service's token in it, and of how
# many records of that page were printed. It stands under the service's name in the place of the service's token.
# Seen with awscli 1.46.3.
. "$(dirname "$0")/lib"
in_packages 'awscli==1.46.3' <<'PYTHON'
import base64
import json
import subprocess
import sys
from pathlib import Path

from stand_in import serve

PAGE = {"Results": [{"TrainingJob": {"TrainingJobName": name}} for name in "ab"], "NextToken": "of-the-service"}
aws = [sys.executable, str(Path(sys.executable).with_name("aws"))]
print(subprocess.run([*aws, "--version"], capture_output=True, text=True, check=True).stdout.split()[0])
search = [*aws, "sagemaker", "search", "--resource", "TrainingJob", "--endpoint-url", serve(PAGE)]
for paging in (["--no-paginate"], ["--max-items", "3"]):
    token = json.loads(subprocess.run([*search, *paging], capture_output=True, text=True, check=True).stdout)["NextToken"]
    print(" ".join(paging), "prints the token", token)
inside = json.loads(base64.b64decode(token))
print("which is", inside)
sys.exit(0 if inside == {"NextToken": "of-the-service", "boto_truncate_amount": 1} else 1)
PYTHON
