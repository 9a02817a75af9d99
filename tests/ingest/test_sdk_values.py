"""Values as other SDKs and tools write them, where they stand in records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.ingest.sdk_values import split_tag
from tests.ingest.sample import ARN, job, read_bytes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("team:vision", "team", "vision"),
        ("team:", "team", ""),
        ("team", "team", ""),
        ("url:https://x", "url", "https://x"),
        ("aws:cloudformation:stack-name:s", "aws:cloudformation:stack-name", "s"),
        ("aws:cloudformation:stack-id:arn:aws:x:y", "aws:cloudformation:stack-id", "arn:aws:x:y"),
        ("aws:createdBy:IAMUser:AIDA:bob", "aws:createdBy", "IAMUser:AIDA:bob"),
        ("aws:owner:bob", "aws:owner", "bob"),
        ("awsome:a:b", "awsome", "a:b"),
    ],
)
def test_a_tag_of_one_text_is_a_key_and_a_value(text: str, key: str, value: str) -> None:
    assert split_tag(text) == (key, value)


def only(folder: Path, **members: Any) -> tuple[dict[str, Any], Any]:  # noqa: ANN401 - members of any type
    (record,), report = read_bytes(folder, json.dumps(job(**members)).encode())
    return dict(record.document), report


def test_tags_that_may_be_split_otherwise_are_counted(tmp_path: Path) -> None:
    document, report = only(tmp_path, Tags=["team:a", "url:http://x", "aws:createdBy:IAMUser:x", "aws:a:b:c"])
    assert [tag["Key"] for tag in document["Tags"]] == ["team", "url", "aws:createdBy", "aws:a:b"]
    assert report.ambiguous_tags == 2
    assert report.to_json()["ambiguous_tags"] == 2
    assert "2 tags of several colons" in report.to_text()


def test_a_map_in_a_map_is_one_map_but_a_key_of_the_users_stays(tmp_path: Path) -> None:
    assert only(tmp_path, HyperParameters={"Map": {"eta": "1"}})[0]["HyperParameters"] == {"eta": "1"}
    assert only(tmp_path, HyperParameters={"Map": "x"})[0]["HyperParameters"] == {"Map": "x"}
    both = {"Map": "x", "eta": "1"}
    assert only(tmp_path, HyperParameters=both)[0]["HyperParameters"] == both


def test_an_enum_may_stand_in_an_object(tmp_path: Path) -> None:
    for status in ({"Value": "Completed"}, {"value": "COMPLETED"}):
        document, report = only(tmp_path, TrainingJobStatus=status)
        assert document["TrainingJobStatus"] == "Completed"
        assert "left out" not in report.to_text()


def test_an_account_id_is_a_text(tmp_path: Path) -> None:
    rows = [{"name": "a", "arn": f"{ARN}training-job/a", "account_id": value} for value in (1234567890, "001234567890")]
    records, _ = read_bytes(tmp_path, json.dumps(rows).encode())
    assert [record.document["account_id"] for record in records] == ["001234567890"] * 2
