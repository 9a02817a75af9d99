"""A record: compared by identity; of two, the newer and then the fuller one counts."""

from __future__ import annotations

from smsearch.schema.record import Record


def record(modified: int | None, *, is_partial: bool = False) -> Record:
    return Record("TrainingJob", "", "job", {}, modified, is_partial)


def test_records_of_equal_content_are_two_records() -> None:
    assert record(1) != record(1)
    assert len({record(1), record(1)}) == 2


def test_the_newer_takes_precedence_then_the_fuller() -> None:
    full, partial = record(5), record(5, is_partial=True)
    assert partial.precedence < full.precedence < record(6, is_partial=True).precedence
    assert full.precedence == record(5).precedence


def test_a_record_without_a_time_is_older_than_any_with_one() -> None:
    assert record(None).precedence < record(-(10**18), is_partial=True).precedence
    assert record(None, is_partial=True).precedence < record(None).precedence


def test_a_record_has_nothing_exported_otherwise_unless_it_is_given() -> None:
    assert record(1).exported == {}
    given = Record("TrainingJob", "", "job", {}, exported={"EnableNetworkIsolation": "False"})
    assert given.exported == {"EnableNetworkIsolation": "False"}
