"""A document in a notation: times that are spelled as objects, and objects where a plain value should be."""

from __future__ import annotations

from datetime import UTC, datetime

from smsearch.schema import notation
from smsearch.schema.catalogue import resource
from smsearch.schema.notation import shaped

TIME = {"__class__": "datetime", "year": 2024, "month": 4, "day": 25, "hour": 11, "minute": 59, "second": 29}


def test_a_time_that_a_recording_spells_as_an_object_is_a_time() -> None:
    members = {"CreationTime": {**TIME, "microsecond": 265_000}, "Unknown": {"CreationTime": TIME}}
    converted = shaped(members, resource("TrainingJob").root, notation.BOTO3)
    assert converted == {
        "CreationTime": datetime(2024, 4, 25, 11, 59, 29, 265_000, tzinfo=UTC),
        "Unknown": {"CreationTime": TIME},
    }


def test_an_object_that_is_no_time_is_copied_in_the_place_of_a_time() -> None:
    members = {"CreationTime": {"seconds": 12.5}, "TrainingJobName": ["a", 1]}
    converted = shaped(members, resource("TrainingJob").root, notation.BOTO3)
    assert converted == members
    assert isinstance(converted, dict)
    assert converted["CreationTime"] is not members["CreationTime"]
