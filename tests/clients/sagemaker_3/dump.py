"""Describes with sagemaker-core what standard input says, and writes each object as its users do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import ValidationError
from sagemaker.core import resources
from sagemaker.core.utils.utils import pascal_to_snake


def main(folder: Path) -> None:
    for line in sys.stdin:
        request = json.loads(line)
        resource = getattr(resources, request["operation"].removeprefix("Describe"), None)
        if resource is None or not hasattr(resource, "get"):
            print("unknown", request["operation"], file=sys.stderr)
            continue
        given = {pascal_to_snake(name): value for name, value in request["input"].items()}
        try:
            record = resource.get(**given)
        except ValidationError as error:  # of the answer: the class demands what the service does not say
            print("unknown", request["operation"], error, file=sys.stderr)
            continue
        with (folder / f"{request['operation']}.jsonl").open("a", encoding="utf-8") as dump:
            dump.write(record.model_dump_json(exclude_unset=True) + "\n")


main(Path(sys.argv[1]))
