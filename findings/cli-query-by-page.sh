#!/bin/sh
# One would expect --query to answer alike whatever --output is. With json the CLI joins the pages and asks then; with text it asks
# each page by itself. So the newest of all jobs is the newest of each page, one a line; their number is a number for each page, and
# TotalHits.Value, which stands in the first page alone, a number and then None. A script that takes the first word is wrong once
# there is a second page.
# Seen with awscli 1.46.3.
. "$(dirname "$0")/lib"
in_packages 'awscli==1.46.3' <<'PYTHON'
import subprocess
import sys
from pathlib import Path

from stand_in import serve

JOBS = [{"TrainingJob": {"TrainingJobName": name, "CreationTime": 1700000000 + age}} for age, name in enumerate("abc")]
FIRST = {"Results": JOBS[:2], "NextToken": "second", "TotalHits": {"Value": 3, "Relation": "EqualTo"}}


def answer(_, request):
    return {"Results": JOBS[2:]} if "NextToken" in request else FIRST


aws = [sys.executable, str(Path(sys.executable).with_name("aws"))]
print(subprocess.run([*aws, "--version"], capture_output=True, text=True, check=True).stdout.split()[0])
search = [*aws, "sagemaker", "search", "--resource", "TrainingJob", "--endpoint-url", serve(answer)]
answers = {}
for query in ("max_by(Results, &TrainingJob.CreationTime).TrainingJob.TrainingJobName", "length(Results)", "TotalHits.Value"):
    for form in ("json", "text"):
        run = subprocess.run([*search, "--output", form, "--query", query], capture_output=True, text=True, check=True)
        answers.setdefault(form, []).append(run.stdout.replace('"', "").split())
    print(f"{query}: json {answers['json'][-1]}, text {answers['text'][-1]}")
right = answers["json"] == [["c"], ["3"], ["3"]] and answers["text"] == [["b", "c"], ["2", "1"], ["3", "None"]]
sys.exit(0 if right else 1)
PYTHON
