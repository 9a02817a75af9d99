"""The collection that changes: who replaces whom, what stays indexed, what a snapshot is, and pages."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from smsearch.live.collection import Collection, collect
from smsearch.predicate.predicate import ALWAYS
from smsearch.schema.record import Record
from smsearch.syntax.ast import Filter, SortOrder
from smsearch.syntax.operators import Operator
from tests.live.records import arn_of, by, job, where, where_element

if TYPE_CHECKING:
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate


def collection_of(*records: Record) -> Collection:
    return collect(records)[0]


def names(collection: Collection, predicate: Predicate = ALWAYS, key: SortKey | None = None) -> list[str]:
    return [record.name for record in collection.records("TrainingJob", predicate, key or by("TrainingJobName"))]


def pages(collection: Collection, predicate: Predicate, key: SortKey, size: int) -> list[list[str]]:
    """The names on each page."""
    found: list[list[str]] = []
    page = collection.page("TrainingJob", predicate, key, b"", size, None)
    while True:
        found.append([record.name for record in page.records])
        if page.next_cursor is None:
            return found
        page = collection.page("TrainingJob", predicate, key, page.next_cursor, size, page.total)


def test_the_newest_of_one_resource_wins_in_any_order_of_arrival() -> None:
    versions = [job("a", modified=modified, FailureReason=str(modified)) for modified in (1, 2, 3)]
    for arrived in permutations([*versions, job("a")]):
        collection, superseded = collect(arrived)
        assert superseded == 3
        (left,) = collection.find("TrainingJob", "a")
        assert left is versions[2]


def test_of_equally_old_records_the_fuller_wins_and_then_the_later() -> None:
    full, partial = job("a", modified=5), job("a", modified=5, is_partial=True)
    for arrived in ([full, partial], [partial, full]):
        assert collection_of(*arrived).find("TrainingJob", "a") == [full]
    again = job("a", modified=5, FailureReason="later")
    assert collection_of(full, again).find("TrainingJob", "a") == [again]
    assert collection_of(full, job("a", modified=5)).find("TrainingJob", "a") == [full]  # the very same: the first


def test_a_newer_summary_replaces_what_it_carries_and_an_older_one_adds_what_is_missing() -> None:
    """Row D2: a row of a List operation is no evidence that a member is gone."""
    full = job("a", modified=5, HyperParameters={"lr": "1"}, TrainingJobStatus="InProgress")
    newer = job("a", modified=6, is_partial=True, TrainingJobStatus="Completed")
    older = job("a", modified=4, is_partial=True, TrainingJobStatus="Starting", SecondaryStatus="Starting")
    for arrived in permutations([full, newer, older]):
        (left,) = collection_of(*arrived).find("TrainingJob", "a")
        assert left.document == {
            **full.document,
            "TrainingJobStatus": "Completed",
            "SecondaryStatus": "Starting",
            "LastModifiedTime": 6 / 1_000_000,
        }
        assert (left.modified, left.is_partial) == (6, False)


def test_a_record_without_an_arn_comes_back_when_its_name_turns_out_to_have_two() -> None:
    """Rows D1 and D3."""
    nameless = job("a", arn="", modified=9)
    arrived = [nameless, job("a", modified=1), job("a", arn=arn_of("a", "999999999999"), modified=1)]
    for order in permutations(arrived):
        collection = Collection()
        grown = [collection.offer(record) for record in order]
        assert sum(grown) == 3
        assert {record.arn for record in collection.find("TrainingJob", "a")} == {record.arn for record in arrived}
    collection.remove("TrainingJob", arrived[1].arn)
    (left,) = collection.find("TrainingJob", "a")
    assert (left.arn, left.modified) == (arrived[2].arn, 9)


def test_versions_of_one_card_are_records_of_their_own_and_a_row_without_a_version_is_the_only_ones() -> None:
    def card(version: int | None, **members: object) -> Record:
        arn = "arn:aws:sagemaker:eu-west-1:123456789012:model-card/c"
        document = {"ModelCardArn": arn, "ModelCardName": "c", **members}
        is_partial = version is None
        return Record(
            "ModelCard", arn, "c", document if is_partial else {**document, "ModelCardVersion": version}, 1, is_partial
        )

    for arrived in permutations([card(1, Content="x"), card(None, ModelCardStatus="Draft")]):
        (left,) = collection_of(*arrived).find("ModelCard", "c")
        assert (left.document["Content"], left.document["ModelCardStatus"]) == ("x", "Draft")
    for arrived in permutations([card(1), card(2), card(None)]):
        assert collection_of(*arrived).resources() == {"ModelCard": 3}


def test_one_name_in_two_accounts_is_two_records() -> None:
    here, there = job("a"), job("a", arn=arn_of("a", "999999999999"))
    collection, superseded = collect([here, there])
    assert superseded == 0
    assert set(collection.find("TrainingJob", "a")) == {here, there}
    assert collection.find("TrainingJob", there.arn) == [there]


def test_a_record_without_an_arn_is_known_by_its_name() -> None:
    nameless, named = job("a", arn="", modified=1), job("a", modified=2)
    for arrived in ([nameless, named], [named, nameless]):
        collection, superseded = collect(arrived)
        assert superseded == 1
        assert collection.find("TrainingJob", "a") == [named]


def test_a_record_without_an_arn_replaces_nothing_where_its_name_is_ambiguous() -> None:
    here, there = job("a", modified=1), job("a", arn=arn_of("a", "999999999999"), modified=1)
    collection, superseded = collect([here, there, job("a", arn="", modified=9)])
    assert superseded == 0
    assert len(collection.find("TrainingJob", "a")) == 3


def test_records_of_two_kinds_never_replace_each_other() -> None:
    collection = collection_of(job("a", arn=""), Record("Endpoint", "", "a", {"EndpointName": "a"}))
    assert collection.resources() == {"TrainingJob": 1, "Endpoint": 1}


def test_features_of_one_group_share_its_arn_and_differ_by_name() -> None:
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/g"
    features = [Record("FeatureMetadata", arn, name, {"FeatureGroupArn": arn, "FeatureName": name}) for name in "ab"]
    assert collection_of(*features).resources() == {"FeatureMetadata": 2}
    assert len(collection_of(*features).find("FeatureMetadata", arn)) == 2


def test_kinds_that_search_does_not_know_are_kept() -> None:
    collection = collection_of(Record("CompilationJob", "", "c", {"CompilationJobName": "c"}))
    assert collection.resources() == {"CompilationJob": 1}
    with pytest.raises(KeyError):
        collection.find("NoSuchKind", "c")


def test_upsert_takes_the_place_of_a_newer_record_too() -> None:
    collection = collection_of(job("a", modified=9))
    older = job("a", modified=1)
    collection.upsert(older)
    assert collection.find("TrainingJob", "a") == [older]


@pytest.mark.parametrize("order", list(SortOrder))
def test_indexes_follow_upserts_and_removals(order: SortOrder) -> None:
    collection = collection_of(*(job(name, BillableTimeInSeconds=at) for at, name in enumerate("abcd")))
    key, long = by("BillableTimeInSeconds", order), where("BillableTimeInSeconds", Operator.GREATER_THAN, "1")
    assert sorted(names(collection, long, key)) == ["c", "d"]
    assert collection.count("TrainingJob", long) == 2
    collection.upsert(job("a", BillableTimeInSeconds=10))
    collection.upsert(job("d"))
    collection.upsert(job("e", BillableTimeInSeconds=5))
    assert collection.remove("TrainingJob", "b") == 1
    expected = ["c", "e", "a"] if order is SortOrder.ASCENDING else ["a", "e", "c"]
    assert names(collection, key=key) == [*expected, "d"]
    assert names(collection, long, key) == expected
    assert collection.count("TrainingJob", long) == 3
    assert collection.count("TrainingJob", ALWAYS) == 4


def test_remove_takes_a_name_or_an_arn_and_says_how_many() -> None:
    records = [job("a"), job("a", arn=arn_of("a", "999999999999")), job("b"), job("", arn="arn:only")]
    collection = collection_of(*records)
    assert collection.remove("TrainingJob", "nope") == 0
    assert collection.remove("TrainingJob", "") == 0
    assert collection.remove("TrainingJob", "a") == 2
    assert collection.remove("TrainingJob", "a") == 0
    assert collection.remove("TrainingJob", arn_of("b")) == 1
    assert collection.resources() == {"TrainingJob": 1}
    assert collection.find("TrainingJob", "") == []
    assert collection.remove("TrainingJob", "arn:only") == 1
    assert collection.resources() == {}


def test_equal_content_has_an_equal_snapshot_whatever_the_way_to_it() -> None:
    records = [job(name, modified=1, Tags=[{"Key": "k", "Value": name}]) for name in "abc"]
    snapshots = {collection_of(*arrived).snapshot for arrived in permutations(records)}
    assert len(snapshots) == 1
    collection = collection_of(job("x"), job("b", modified=0), *records)
    assert collection.snapshot not in snapshots
    collection.remove("TrainingJob", "x")
    assert collection.snapshot in snapshots
    reordered = dict(reversed(job("a", modified=1, Tags=[{"Value": "a", "Key": "k"}]).document.items()))
    collection.upsert(Record("TrainingJob", arn_of("a"), "a", reordered))
    assert collection.snapshot in snapshots


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", 1),
        (1, 1.5),
        (1, True),
        (0.1, Decimal("0.1000000000000000000001")),
        (Decimal("0.1000000000000000000001"), "0.1000000000000000000001"),
        (math.nan, None),
        (math.nan, math.inf),
        (2**70, 2**70 + 1),
        (2**53, 2**53 + 1),
        ("null", None),
        ([1, 2], [2, 1]),
        ("\ud800", "\ud801"),
    ],
)
def test_different_content_has_another_snapshot(one: object, other: object) -> None:
    first, second = (collection_of(job("a", FailureReason=value)) for value in (one, other))
    assert first.snapshot != second.snapshot
    assert first.snapshot == collection_of(job("a", FailureReason=one)).snapshot


def test_two_equal_records_do_not_cancel_out() -> None:
    one = collection_of(job("a"))
    two = collection_of(job("a"), job("a", arn=arn_of("a", "999999999999")))
    assert len({Collection().snapshot, one.snapshot, two.snapshot}) == 3


def test_the_main_account_has_the_most_records_and_then_comes_first() -> None:
    assert Collection().main_account() == ""
    assert collection_of(job("a", arn=""), job("b", arn="not an arn")).main_account() == ""
    collection = collection_of(*(job(name, arn=arn_of(name, account)) for name, account in [("a", "2"), ("b", "1")]))
    assert collection.main_account() == "1"
    collection.upsert(job("c", arn=arn_of("c", "2")))
    assert collection.main_account() == "2"
    collection.remove("TrainingJob", "a")
    collection.remove("TrainingJob", "c")
    assert collection.main_account() == "1"


def test_fields_that_only_the_data_has_can_be_asked_for_while_a_record_has_them() -> None:
    path = ("Cost", "USD")
    collection = collection_of(job("a", Cost={"USD": 5}, extras=(path,)), job("b", Cost={"USD": 6}, extras=(path,)))
    assert collection.schema("TrainingJob").property("Cost.USD").name == "Cost.USD"
    assert not collection.schema("Endpoint").knows("Cost.USD")
    collection.remove("TrainingJob", "a")
    assert collection.schema("TrainingJob").knows("Cost.USD")
    collection.upsert(job("b"))
    assert not collection.schema("TrainingJob").knows("Cost.USD")


def test_dynamic_names_follow_the_records() -> None:
    collection = collection_of(job("a", HyperParameters={"lr": "1"}))
    assert collection.dynamic_names("TrainingJob") == {"HyperParameters.lr"}
    collection.upsert(job("a", HyperParameters={"epochs": "1"}))
    assert collection.dynamic_names("TrainingJob") == {"HyperParameters.epochs"}
    assert collection.dynamic_names("Endpoint") == frozenset()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 100])
def test_pages_of_any_size_are_the_whole_result_and_none_is_empty(size: int) -> None:
    collection = collection_of(*(job(name, BillableTimeInSeconds=at % 3) for at, name in enumerate("abcdefghi")))
    key, some = by("BillableTimeInSeconds"), where("BillableTimeInSeconds", Operator.GREATER_THAN, "0")
    found = pages(collection, some, key, size)
    assert [name for page in found for name in page] == names(collection, some, key)
    assert [len(page) for page in found[:-1]] == [size] * (len(found) - 1)
    assert 0 < len(found[-1]) <= size


def test_a_page_without_matches_is_the_only_one() -> None:
    collection = collection_of(job("a"))
    page = collection.page("TrainingJob", where("TrainingJobName", Operator.EQUALS, "b"), by(), b"", 10, None)
    assert (list(page.records), page.next_cursor, page.total) == ([], None, 0)
    empty = Collection().page("TrainingJob", ALWAYS, by(), b"", 10, None)
    assert (list(empty.records), empty.next_cursor, empty.total) == ([], None, 0)


def test_a_page_counts_all_matches() -> None:
    collection = collection_of(*(job(name) for name in "abc"))
    assert collection.page("TrainingJob", ALWAYS, by(), b"", 1, None).total == 3
    nested = where_element("InputDataConfig", Filter("ChannelName", Operator.EXISTS))
    assert collection.page("TrainingJob", nested, by(), b"", 1, None).total == 0


def test_matches_are_those_of_the_moment_when_they_were_asked_for() -> None:
    collection = collection_of(*(job(name) for name in "abc"))
    running = collection.records("TrainingJob", ALWAYS, by("TrainingJobName", SortOrder.ASCENDING))
    first = next(running)
    for name in "abc":
        collection.remove("TrainingJob", name)
    assert [first.name, *(record.name for record in running)] == ["a", "b", "c"]


def test_the_memory_of_counts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsearch.live.collection._COUNTS_MAX", 3)
    collection = collection_of(*(job(str(at)) for at in range(10)))
    for at in range(10):
        assert collection.count("TrainingJob", where("TrainingJobName", Operator.EQUALS, str(at))) == 1
