"""A record: compared by identity."""

from __future__ import annotations

from smsearch.schema.record import Record


def record(modified: int | None, *, is_partial: bool = False) -> Record:
    return Record("TrainingJob", "", "job", {}, modified, is_partial)


def test_records_of_equal_content_are_two_records() -> None:
    assert record(1) != record(1)
    assert len({record(1), record(1)}) == 2


def test_a_record_has_nothing_exported_otherwise_unless_it_is_given() -> None:
    assert record(1).exported == {}
    given = Record("TrainingJob", "", "job", {}, exported={"EnableNetworkIsolation": "False"})
    assert given.exported == {"EnableNetworkIsolation": "False"}
