"""Asks with boto3 what standard input says, and writes each page as its users do: `json.dumps(answer, default=str)`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import boto3
from botocore import xform_name


def main(folder: Path) -> None:
    client = boto3.client("sagemaker")
    for line in sys.stdin:
        request = json.loads(line)
        name = xform_name(request["operation"])
        if client.can_paginate(name):
            pages = client.get_paginator(name).paginate(**request["input"])
        else:
            pages = [getattr(client, name)(**request["input"])]
        with (folder / f"{request['operation']}.jsonl").open("a", encoding="utf-8") as dump:
            for page in pages:
                dump.write(json.dumps(page, default=str) + "\n")


main(Path(sys.argv[1]))
