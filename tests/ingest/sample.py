"""What the tests of this folder read: small records, and a few verbs to read them with."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from smsearch.ingest import documents, load
from smsearch.ingest.report import Report

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.ingest.recognition import ParsedDocument
    from smsearch.schema.record import Record

ARN = "arn:aws:sagemaker:us-east-1:111122223333:"


def job(name: str = "job-1", **members: object) -> dict[str, Any]:
    """A training job as Describe shows it, with other members put in or replaced."""
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"{ARN}training-job/{name.lower()}",
        "TrainingJobStatus": "Completed",
        "HyperParameters": {"epochs": "3"},
        "LastModifiedTime": "2024-03-01T11:00:00+00:00",
        **members,
    }


def jobs(count: int) -> list[dict[str, Any]]:
    """Training jobs of different names."""
    return [job(f"job-{number}") for number in range(count)]


def lines_of(values: list[Any]) -> bytes:
    """Values as JSON lines."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def split(raw: bytes) -> list[ParsedDocument]:
    """The documents in some bytes."""
    return list(documents.split(io.BufferedReader(io.BytesIO(raw))))


def found_values(raw: bytes) -> list[object]:
    """The documents in bytes in which nothing is wrong."""
    found = split(raw)
    assert [one.problem for one in found if one.problem] == []
    return [one.value for one in found]


def read(*sources: Path | str) -> tuple[list[Record], Report]:
    """The records of sources, and the report, which adds up."""
    report = Report()
    records = list(load.read([str(source) for source in sources], report))
    assert report.records == len(records) == sum(report.kinds.values())
    assert report.found == report.stored + report.superseded + report.skipped
    return records, report


def read_bytes(folder: Path, raw: bytes, name: str = "export.json") -> tuple[list[Record], Report]:
    """The records of one file of some bytes."""
    file = folder / name
    file.write_bytes(raw)
    return read(file)


def names(records: list[Record]) -> list[str]:
    """The records' names, in order."""
    return [record.name for record in records]


def problems(report: Report) -> list[tuple[int, str]]:
    """Line and reason of everything that was left out."""
    return [(problem.line, problem.reason) for file in report.files for problem in file.problems]
