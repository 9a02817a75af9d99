"""What sagemaker-core lists of a kind, as one line of JSON. Arguments: the kind, and the member that is its name."""

from __future__ import annotations

import json
import sys

from sagemaker.core import resources


def main(kind: str, member: str) -> None:
    print(json.dumps([getattr(record, member) for record in getattr(resources, kind).get_all()]))


main(*sys.argv[1:])
