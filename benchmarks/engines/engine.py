"""What every engine can be asked, and the columns and channels of a dump for those that must be told what to index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.groupings import Grouping, Rows
    from benchmarks.queries import Query

COLUMNS: Final = (
    *("id", "arn", "name", "status", "secondary", "created", "modified", "instance", "failure"),
    *("accuracy", "learning_rate", "temperature_floor", "team", "seconds"),
)
"""What the queries and the groupings name, one column each; `document` follows."""
DUMP: Final = "jobs.jsonl"
OFFSETS: Final = "offsets.npy"
"""The files beside the engines' folders: the records, and where each of them begins, int64, one more than there are."""


def _nothing() -> None:
    """Nothing to do before a question."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask an engine, timed by itself.

    Attributes:
        ask: What is timed.
        before: What is done before each question, and not timed.
        responds: Whether it gives a whole response, which must equal everyone else's.
        counts: Whether a query that only counts can be asked so.
    """

    ask: Callable[[Query], object]
    before: Callable[[], object] = _nothing
    responds: bool = True
    counts: bool = True


class Engine(Protocol):
    """What every engine can be asked."""

    reads_dump: bool
    """Whether the dump itself is read for a response, and so belongs to what must be cold."""

    def load(self, dump: Path, folder: Path) -> None:
        """Reads a dump into what `open` opens."""

    def imports(self) -> None:
        """Imports what opening and asking need, so that neither is charged for it."""

    def open(self, folder: Path) -> None:
        """Opens what `load` made."""

    def answer(self, query: Query) -> tuple[list[str], int]:
        """The names of the page in order, and how many records match."""

    def grouped(self, grouping: Grouping) -> Rows:
        """The groups, in any order."""

    def ways(self) -> dict[str, Way]:
        """Every way to ask it: at least `ids`, the rows of a page, and `response`, the bytes of one."""

    def documents_bytes(self) -> int | None:
        """How much of what is on disk are the documents themselves, if that can be told."""


def rows(dump: Path) -> Iterator[tuple[tuple[Any, ...], list[tuple[int, str | None, str | None]], bytes]]:
    """The promoted columns, the channels and the document of every job."""
    with dump.open("rb") as file:
        for number, line in enumerate(file):
            job = orjson.loads(line)
            metrics = {pair["MetricName"]: pair["Value"] for pair in job.get("FinalMetricDataList", ())}
            tags = {pair["Key"]: pair["Value"] for pair in job.get("Tags", ())}
            parameters = job.get("HyperParameters", {})
            channels = [
                (number, channel.get("ChannelName"), channel["DataSource"].get("S3DataSource", {}).get("S3Uri"))
                for channel in job.get("InputDataConfig", ())
            ]
            values = (
                *(number, job["TrainingJobArn"], job["TrainingJobName"], job["TrainingJobStatus"]),
                *(job["SecondaryStatus"], _micros(job["CreationTime"]), _micros(job["LastModifiedTime"])),
                *(job["ResourceConfig"]["InstanceType"], job.get("FailureReason"), metrics.get("accuracy")),
                *(_number(parameters.get("learning_rate")), _number(parameters.get("temperature_floor"))),
                *(tags.get("team"), job.get("BillableTimeInSeconds")),
            )
            yield values, channels, line.rstrip(b"\n")


def _micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
