"""Documents whose times are respelled within their bytes are those that are converted value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smsearch
from smsearch.api.response import page
from smsearch.schema import catalogue, iso_documents, notation
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.stored_document import record_of
from tests import exports_once
from tests.properties.strategies import record_lists, resources

if TYPE_CHECKING:
    from smsearch.schema.record import Record

CREATED = 1735672865.414
CREATED_ISO = b'"2024-12-31T19:21:05.414000Z"'


def stored_of(record: Record) -> bytes:
    (result,) = page([record], 1, "", notation.WIRE)["Results"]
    return orjson.dumps(result)


def check(stored: bytes, kind: str) -> bool:
    """Compares a document that is respelled with one that is converted; returns whether it is respelled."""
    resource = catalogue.resource(kind)
    record = record_of(stored, None, resource)
    line = notation.line(record)
    assert list(ParsedDocuments(kind, [stored]).lines()) == [line]
    spelled = iso_documents.members(stored, resource)
    assert spelled is None or spelled + b"\n" == line
    return spelled is not None


@given(st.data())
def test_drawn_documents_are_the_same(data: st.DataObject) -> None:
    for record in data.draw(record_lists(data.draw(resources()), max_size=4)):
        check(stored_of(record), record.resource)


def test_of_every_kind_that_is_exported_the_documents_are_the_same() -> None:
    searcher = smsearch.open(exports_once.stored_exports())
    plain: dict[str, list[bool]] = {}
    for kind in searcher.resources():
        records = searcher.query(resource=kind).limited(100).records()
        plain[kind] = [check(stored_of(record), kind) for record in records]
    assert sum(map(all, plain.values())) > len(plain) / 2
    assert all(plain["TrainingJob"])


def training_job(members: str) -> bytes:
    return f'{{"TrainingJob":{{"TrainingJobName":"a",{members},"Tags":[]}}}}'.encode()


@pytest.mark.parametrize(
    "members",
    [
        f'"CreationTime":{CREATED}',
        f'"CreationTime":{CREATED},"FailureReason":"\\"CreationTime\\":1"',
        '"SecondaryStatusTransitions":[{"Status":"a","StartTime":1.0,"EndTime":1.5},{"Status":"b","StartTime":1.0}]',
        '"CreationTime":"yesterday"',
        '"CreationTime":"9000-01-01T00:00:00Z"',
    ],
)
def test_plain_documents_are_respelled(members: str) -> None:
    assert check(training_job(members), "TrainingJob")


@pytest.mark.parametrize(
    "members",
    [
        f'"Unknown":{{"CreationTime":{CREATED}}},"CreationTime":{CREATED}',
        f'"HyperParameters":{{"CreationTime":{CREATED}}},"CreationTime":{CREATED}',
        '"CreationTime":-1.5',
        '"CreationTime":1735672865414',
        '"CreationTime":99999999999.5',
        '"CreationTime":1.1234567',
        '"CreationTime":1e-5',
        '"CreationTime":true',
        '"CreationTime":[1.5]',
        '"FinalMetricDataList":[{"MetricName":"a","Value":"NaN","Timestamp":1.5}]',
        '"SecondaryStatusTransitions":[[{"StartTime":1.5}]]',
    ],
)
def test_what_bytes_do_not_tell_is_converted(members: str) -> None:
    assert not check(training_job(members), "TrainingJob")


def test_a_document_that_is_none_is_refused_behind_those_before_it() -> None:
    documents = ParsedDocuments("TrainingJob", [training_job(f'"CreationTime":{CREATED}'), b'{"Trial":{}}'])
    lines = documents.lines()
    assert CREATED_ISO in next(lines)
    with pytest.raises(smsearch.StoreError):
        next(lines)


@pytest.mark.parametrize("number", ["0.1234567890123456789", "12345678901234567890123", "1e-400"])
def test_for_the_callers_of_boto3_numbers_are_doubles(number: str) -> None:
    stored = training_job(f'"FinalMetricDataList":[{{"Value":{number}}}]')
    resource = catalogue.resource("TrainingJob")
    assert iso_documents.document(stored, resource) == stored
    assert iso_documents.document(stored, resource, is_exact=True) is None
