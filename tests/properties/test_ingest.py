"""Laws of reading exports: whatever the bytes, nothing is lost without a word and nothing is changed on the way."""

from __future__ import annotations

import contextlib
import copy
import gzip
import io
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import zstandard
from hypothesis import assume, example, given
from hypothesis import strategies as st

from smsearch.errors import ExportError
from smsearch.ingest import documents, load, streaming_parser
from smsearch.ingest.normalise import Notes, normalise
from smsearch.ingest.recognition import Recognised, Unrecognised
from smsearch.ingest.report import Report
from smsearch.ingest.shapes import recognise
from smsearch.schema import catalogue
from smsearch.schema.decode import DecodeError, loads

if TYPE_CHECKING:
    from smsearch.ingest.recognition import ParsedDocument
    from smsearch.schema.record import Record

plain_texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(['"', "\\", "[{", '}],"', "a:b", ""])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | plain_texts
values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(plain_texts, below, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(plain_texts, values, max_size=5)
indents = st.sampled_from([None, 0, 1, 2, "\t"])
piece_sizes = st.sampled_from([1, 7, 64, 1 << 20])

MEMBERS = [
    *("TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "Tags", "HyperParameters", "InputDataConfig"),
    *("CreationTime", "VpcConfig", "Subnets", "ChannelName", "S3DataType", "FinalMetricDataList", "Key", "Value"),
    *("training_job_name", "trainingJobName", "hyper_parameters", "tags", "vpcConfig", "ResponseMetadata", "Unheard"),
    *("Results", "TrainingJob", "TrainingJobSummaries", "data", "status_code", "detail", "detail-type", "name", "arn"),
    *("resource", "resourceType", "parameters", "output", "TunedHyperParameters", "validation:auc", "TuningJobName"),
]
PLAIN = ["", "a", "a:b", "S3_PREFIX", "arn:aws:sagemaker:r:1:training-job/a", "2024-01-01 10:00:00", 5, 0.5, True, None]
documentish = st.recursive(
    st.sampled_from(PLAIN) | scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS), below, max_size=7),
    max_leaves=20,
)


RECORD_BYTES = 2_000
"""As small as a record's limit can be for the objects made here, so that lists of them are taken apart."""


def split(raw: bytes, piece: int = documents.LINE_BYTES) -> list[ParsedDocument]:
    with (
        patch.object(documents, "LINE_BYTES", piece),
        patch.object(streaming_parser, "_CHUNK_BYTES", piece),
        patch.object(streaming_parser, "RECORD_BYTES_MAX", RECORD_BYTES),
    ):
        return list(documents.split(io.BufferedReader(io.BytesIO(raw))))


def read(raw: bytes) -> tuple[list[Record], Report]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export")
        file.write_bytes(raw)
        report = Report()
        return list(load.read([str(file)], report)), report


TOKENS = b"""{ } [ ] , : " \\ 1 - e9 . null ' "a" {"a":1} {"Results":[ NaN""".split()
TOKENS += [b"\n", b"\r\n", b" ", b"\x00", b"\xff", b"\xef\xbb\xbf", b'{"TrainingJobName":"a"}\n']
jsonish = st.lists(st.sampled_from(TOKENS), max_size=30).map(b"".join)
packed = st.sampled_from(
    [gzip.compress(b'{"a": 1}\n' * 9), zstandard.compress(b'{"a": 1}\n' * 9), b"\xff\xfe{\x00}\x00"]
)


@given(
    st.binary(max_size=200)
    | jsonish
    | st.builds(lambda raw, end, more: raw[:end] + more, packed, st.integers(0, 60), st.binary(max_size=8))
)
@example(b"\x1f\x8b")
@example(b"\x28\xb5\x2f\xfd")
@example(b"\xff\xfe\x00")
@example(b'{"a":1}\n[,]\n[')
def test_any_bytes_are_read_or_reported(raw: bytes) -> None:
    records, report = read(raw)
    assert report.records == len(records)
    assert report.found == report.stored + report.skipped
    assert all(problem.reason for file in report.files for problem in file.problems)


@given(jsonish, piece_sizes)
def test_nothing_is_found_on_a_line_that_is_not_there(raw: bytes, piece: int) -> None:
    found = split(raw, piece)
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert all(1 <= one.line <= raw.count(b"\n") + 1 for one in found)


def laid_out(documents_: list[Any], layout: str, indent: int | str | None) -> str:
    texts = [json.dumps(document, indent=indent, ensure_ascii=False) for document in documents_]
    match layout:
        case "lines":
            return "\n".join(texts)
        case "close together":
            return "".join(texts)
        case "array":
            return json.dumps(documents_, indent=indent)
        case "an element on a line":
            return "[\n" + ",\n".join(texts) + "\n]"
        case _:
            return json.dumps({"NextToken": "x", layout: documents_, "ResponseMetadata": {"a": [1]}}, indent=indent)


@given(
    st.lists(objects, min_size=1, max_size=6),
    st.sampled_from(["lines", "close together", "array", "an element on a line", "Results", "TrainingJobSummaries"]),
    indents,
    piece_sizes,
)
def test_any_layout_gives_the_documents_back(
    written: list[Any], layout: str, indent: int | str | None, piece: int
) -> None:
    assume(all(len(json.dumps(document, indent=indent)) < RECORD_BYTES // 2 for document in written))
    found = split(laid_out(written, layout, indent).encode("utf-8", "surrogatepass"), piece)
    assert [one.problem for one in found if one.problem] == []
    got: list[object] = []
    for one in found:
        if layout in {"Results", "TrainingJobSummaries"} and not one.path:
            assert isinstance(one.value, dict)
            got += one.value[layout]
        elif one.path and one.path[0] in {"NextToken", "ResponseMetadata"}:
            continue
        else:
            got += one.value if isinstance(one.value, list) else [one.value]
    assert got == written


@given(st.lists(objects, min_size=2, max_size=6), st.data())
def test_a_line_that_is_cut_costs_itself_alone(written: list[dict[str, Any]], data: st.DataObject) -> None:
    texts = [json.dumps(document).encode() for document in written]
    which = data.draw(st.integers(0, len(texts) - 1))
    texts[which] = texts[which][: data.draw(st.integers(1, len(texts[which]) - 1))]
    assume(texts[which].strip())
    found = split(b"\n".join(texts))
    assert [one.value for one in found if not one.problem] == written[:which] + written[which + 1 :]
    assert [one.line for one in found if one.problem] == [which + 1]


@given(st.lists(objects, min_size=1, max_size=5), st.data(), st.sampled_from([None, 1, 2, "\t"]))
def test_an_array_that_is_cut_gives_the_elements_before_the_cut(
    written: list[dict[str, Any]], data: st.DataObject, indent: int | str | None
) -> None:
    raw = json.dumps(written, indent=indent).encode()
    found = split(raw[: data.draw(st.integers(1, len(raw) - 1))])
    whole = [one.value for one in found if not one.problem]
    assert whole == written[: len(whole)]
    assert found[-1].problem


@given(st.recursive(values | st.just(float("inf")), lambda below: st.lists(below, max_size=3), max_leaves=5))
def test_what_python_writes_is_read(value: object) -> None:
    assert loads(json.dumps(value).encode()) == value


@given(st.binary(max_size=60) | jsonish)
def test_bytes_are_a_document_or_a_decode_error(raw: bytes) -> None:
    with contextlib.suppress(DecodeError):
        assert loads(raw) is None or raw.strip() != b"null"


@given(documentish)
def test_any_document_is_recognised_or_refused(document: object) -> None:
    before = copy.deepcopy(document)
    for found in recognise(document):
        assert isinstance(found, Recognised | ExportError | Unrecognised)
    assert document == before


@given(
    st.sampled_from(["TrainingJob", "Model", "FeatureMetadata", "ExperimentTrialComponent", "CompilationJob"]),
    st.dictionaries(st.sampled_from(MEMBERS), documentish, max_size=8),
)
@example("TrainingJob", {"VpcConfig": "a", "vpcConfig": []})
@example("TrainingJob", {"vpcConfig": "a", "VpcConfig": 5, "vpc_config": {"subnets": "b", "Subnets": ["c"]}})
def test_normalising_changes_no_original_and_is_done_at_once(kind: str, members: dict[str, Any]) -> None:
    resource = catalogue.resource(kind)
    document: dict[str, Any] = {
        **members,
        resource.name_path[0]: "n" if len(resource.name_path) == 1 else {"ModelName": "n"},
    }
    before = copy.deepcopy(document)
    record = normalise(kind, document, Notes())
    assert document == before
    assert record.name == "n"
    again = normalise(kind, record.document, Notes())
    assert again.document is record.document
    assert (again.modified, again.arn) == (record.modified, record.arn)
    assert sorted(again.extras) == sorted(record.extras)
