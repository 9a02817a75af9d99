#!/bin/sh
# A dump of jobs has times as Python's isoformat and the AWS CLI print them: without a fraction where a second is whole, with the offset
# of the day. One would expect Daft's read_json to read them all. It takes them for times, and where one has no fraction, it drops the
# fraction of all others; where one is a date alone, that is lost, whichever is first. Offsets of winter and summer together are
# refused, and the error speaks of a timezone "Z" that none has.
# Seen with daft 0.7.26.
. "$(dirname "$0")/lib"
in_packages 'daft==0.7.26' <<'PYTHON'
import json
import sys
from pathlib import Path

import daft


def read(*times):
    Path("jobs.jsonl").write_text("".join(json.dumps({"CreationTime": time}) + "\n" for time in times))
    try:
        values = daft.read_json("jobs.jsonl").to_pydict()["CreationTime"]
    except Exception as error:  # the library's own is not exported
        return str(error)
    return [value and value.isoformat() for value in values]


print(f"daft {daft.__version__}")
dumps = {
    "with fractions": ["2023-01-05T10:00:00.250000+09:00", "2023-01-05T10:00:00.750000+09:00"],
    "one of a whole second": ["2023-01-05T10:00:00.250000+09:00", "2023-01-05T10:00:01+09:00"],
    "one a date": ["2023-01-05", "2023-01-05T10:00:01"],
    "winter and summer": ["2023-01-05T10:00:00-05:00", "2023-07-05T10:00:00-04:00"],
}
seen = {}
for dump, times in dumps.items():
    seen[dump] = read(*times)
    print(f"{dump}: {times} is read as {seen[dump]}")
same = seen["with fractions"] == dumps["with fractions"]
lost = seen["one of a whole second"] == ["2023-01-05T10:00:00+09:00", "2023-01-05T10:00:01+09:00"]
missing = seen["one a date"] == [None, "2023-01-05T10:00:01"]
sys.exit(0 if same and lost and missing and "Failed to parse timezone string: Z" in seen["winter and summer"] else 1)
PYTHON
