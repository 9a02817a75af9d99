"""Two kinds of values that smsearch does not have, and a dump with them.

A duration is a text such as `90m` that compares as a number of seconds; a month is a text such as `2024-06` that
compares as a time. While `registered()` lasts, training jobs have a member of each.
"""

from __future__ import annotations

import copy
import json
import re
import sys
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING
from unittest import mock

from smsearch.schema import catalogue, values
from smsearch.schema.catalogue import Scalar
from smsearch.schema.value_kinds import JsonType, Kind, LiteralParser, ValueType
from smsearch.schema.values import UNREADABLE, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = {"s": 1, "m": 60, "h": 3_600}


def parse_duration(text: str) -> Decimal | None:
    match = re.fullmatch(r"([0-9]+)([smh])", text)
    return None if match is None else Decimal(int(match[1]) * SECONDS[match[2]])


def parse_month(text: str) -> int | None:
    return values.parse_timestamp(f"{text}-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else None


def read_duration(raw: object) -> Value:
    return _or_unreadable(parse_duration(raw)) if isinstance(raw, str) else values.number_of(raw)


def read_month(raw: object) -> Value:
    return _or_unreadable(parse_month(raw) if isinstance(raw, str) else None)


def _or_unreadable(value: Decimal | int | None) -> Value:
    return UNREADABLE if value is None else value


DURATION = Kind(
    "duration", "duration", "a duration", "F13", ValueType.NUMBER, JsonType.TEXT, read_duration,
    LiteralParser(parse_duration, "a duration", "Write it as 90m or 2h."),
)  # fmt: skip
MONTH = Kind(
    "month", "month", "a month", "F20", ValueType.TIME, JsonType.TEXT, read_month,
    LiteralParser(parse_month, "a month", "Write it as 2024-06."),
)  # fmt: skip

WAITS = ["2h", "90m", "7200s", "30s", "soon", None, "1h"]
MONTHS = ["2024-06", "2023-12", "2024-06", "2024-01", None, "June", "2022-02"]
JOBS = [
    {
        "TrainingJobName": f"job-{at}",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:111122223333:training-job/job-{at}",
        "TrainingJobStatus": "Completed",
        "CreationTime": 1_700_000_000 + at,
        "LastModifiedTime": 1_700_000_000 + at,
        "Wait": wait,
        "Month": month,
    }
    for at, (wait, month) in enumerate(zip(WAITS, MONTHS, strict=True))
]


def forget() -> None:
    """Empties every cache of smsearch: they hold what the catalogue said."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "smsearch":
            for thing in list(vars(module).values()):
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


@contextmanager
def registered() -> Iterator[None]:
    """The two kinds have a name in the catalogue, and training jobs have `Wait` and `Month`."""
    data = copy.deepcopy(catalogue._data())  # noqa: SLF001
    data["resources"]["TrainingJob"]["members"] |= {"Wait": DURATION.name, "Month": MONTH.name}
    scalars = {kind.name: Scalar(kind) for kind in (DURATION, MONTH)}
    try:
        with mock.patch.object(catalogue, "_data", return_value=data), mock.patch.dict(catalogue._SCALARS, scalars):  # noqa: SLF001
            forget()
            yield
    finally:
        forget()


def export(folder: Path) -> Path:
    """A file with the jobs, in a folder."""
    path = folder / "jobs.jsonl"
    path.write_text("".join(json.dumps(job) + "\n" for job in JOBS))
    return path
