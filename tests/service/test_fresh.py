"""A store that changes while it is served."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import orjson
import pytest

import smsearch
from smsearch.errors import ServiceError
from smsearch.service import FreshService, Keeping
from smsearch.store.manifest import MANIFEST
from smsearch.store.store import Store


def dump(path: Path, *names: str) -> Path:
    """A file with a training job of each name."""
    arn = "arn:aws:sagemaker:us-east-1:111122223333:training-job/"
    path.write_bytes(orjson.dumps([{"TrainingJobName": name, "TrainingJobArn": arn + name} for name in names]))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    smsearch.build([dump(tmp_path / "first.json", "a", "b")], tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def notes() -> list[str]:
    return []


class Clock:
    """Seconds that pass when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(store: Path, notes: list[str], clock: Clock) -> FreshService:
    return FreshService(store, notes.append, clock=clock)


def page(service: FreshService, **members: object) -> Any:  # noqa: ANN401 - a response
    return orjson.loads(service.answer("Search", orjson.dumps({"Resource": "TrainingJob", **members})))


def names(page: Any) -> set[str]:  # noqa: ANN401 - a response
    return {result["TrainingJob"]["TrainingJobName"] for result in page["Results"]}


def test_what_is_added_is_found_by_the_next_request(
    service: FreshService, store: Path, notes: list[str], tmp_path: Path
) -> None:
    assert page(service)["TotalHits"] == {"Value": 2, "Relation": "EqualTo"}
    begun = page(service, MaxResults=1)
    smsearch.build([dump(tmp_path / "more.json", "c")], store, add=True)
    assert page(service)["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}
    assert notes == ["the store has changed: 3 records now"]
    rest = page(service, MaxResults=1, NextToken=begun["NextToken"])
    assert rest["TotalHits"] == {"Value": 2, "Relation": "EqualTo"}
    assert names(begun) | names(rest) == {"a", "b"}
    with pytest.raises(ServiceError, match="NextToken belongs to another request"):
        page(service, MaxResults=1, SortBy="TrainingJobName", NextToken=begun["NextToken"])


def test_a_store_that_nobody_changes_is_opened_once(
    service: FreshService, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsearch.opening.open_snapshot", None)
    assert page(service)["Results"] == page(service)["Results"]
    assert not notes


def test_what_was_opened_goes_on_while_the_store_cannot_be(
    service: FreshService, store: Path, notes: list[str], tmp_path: Path
) -> None:
    manifest = (store / MANIFEST).read_bytes()
    (store / MANIFEST).write_bytes(manifest[:-5])
    assert len(page(service)["Results"]) == 2
    assert len(page(service)["Results"]) == 2
    (told,) = notes  # once, not at each request
    assert told.startswith("the store has changed, but what it was goes on being served: ")
    assert "manifest.json is damaged" in told
    (store / MANIFEST).unlink()
    assert len(page(service)["Results"]) == 2
    assert "is unfinished" in notes[-1]
    (store / MANIFEST).write_bytes(manifest)
    smsearch.build([dump(tmp_path / "more.json", "c")], store, add=True)
    assert len(page(service)["Results"]) == 3
    assert notes[-1] == "the store has changed: 3 records now"


def test_a_store_that_was_never_there_is_an_error(tmp_path: Path, notes: list[str]) -> None:
    with pytest.raises(smsearch.SmsearchError):
        FreshService(tmp_path / "none", notes.append)


def add(store: Path, *names: str) -> None:
    smsearch.build([dump(store.parent / "more.json", *names)], store, add=True)


def asked(service: FreshService, operation: str, **members: object) -> Any:  # noqa: ANN401 - a response
    return orjson.loads(service.answer(operation, orjson.dumps(members)))


ARN = "arn:aws:sagemaker:us-east-1:111122223333:training-job/a"
LISTINGS: dict[str, dict[str, object]] = {
    "Search": {"Resource": "TrainingJob", "SortBy": "TrainingJobName", "SortOrder": "Ascending", "MaxResults": 1},
    "ListTrainingJobs": {"SortBy": "Name", "SortOrder": "Ascending", "MaxResults": 1},
    "ListTags": {"ResourceArn": ARN, "MaxResults": 50},
}


def things(operation: str, page: Any) -> list[str]:  # noqa: ANN401 - a response
    match operation:
        case "Search":
            return [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]
        case "ListTrainingJobs":
            return [summary["TrainingJobName"] for summary in page["TrainingJobSummaries"]]
        case _:
            return [tag["Key"] for tag in page["Tags"]]


@pytest.mark.parametrize("operation", LISTINGS)
def test_a_listing_goes_on_in_its_own_snapshot_whatever_is_added(
    operation: str, tmp_path: Path, notes: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With merges, and with every replaced file removed from the disk at once."""
    monkeypatch.setattr("smsearch.store.retention.RETIRED_SECONDS", 0)
    monkeypatch.setattr("smsearch.ingest.merging.TIER_SEGMENTS_MAX", 1)
    letters = "abcdefgh"
    tags = [{"Key": f"key-{at}", "Value": "v"} for at in range(180)]
    jobs = [{"TrainingJobName": letter, "TrainingJobArn": ARN[:-1] + letter, "Tags": tags} for letter in letters]
    (tmp_path / "jobs.json").write_bytes(orjson.dumps(jobs))
    store = tmp_path / "store"
    smsearch.build([tmp_path / "jobs.json"], store)
    service = FreshService(store, notes.append, clock=clock)
    expected = [tag["Key"] for tag in tags] if operation == "ListTags" else list(letters)
    found, token = [], ""
    for at in range(4 if operation == "ListTags" else len(letters)):
        output = asked(service, operation, **LISTINGS[operation], **({"NextToken": token} if token else {}))
        found += things(operation, output)
        token = output.get("NextToken", "")
        newer = [{**job, "LastModifiedTime": 1_000 + at, "Tags": []} for job in jobs]
        (tmp_path / "newer.json").write_bytes(orjson.dumps([*newer, {"TrainingJobName": f"A{at}"}]))
        smsearch.build([tmp_path / "newer.json"], store, add=True)
    assert (found, token) == (expected, "")
    assert len(notes) == at


def test_tokens_live_for_four_snapshots_and_for_fifteen_minutes(
    service: FreshService, store: Path, clock: Clock
) -> None:
    tokens = []
    for at in range(7):
        tokens.append(page(service, MaxResults=1)["NextToken"])
        add(store, f"new-{at}")
        assert len(page(service, NextToken=tokens[0], MaxResults=1)["Results"]) == 1  # for fifteen minutes, all
    clock.now += 14 * 60 + 59
    for token in tokens:
        assert len(page(service, NextToken=token, MaxResults=1)["Results"]) == 1
    clock.now += 1
    for token in tokens[:3]:
        with pytest.raises(ServiceError, match="has expired: the records have changed"):
            page(service, NextToken=token, MaxResults=1)
    for token in tokens[3:]:  # the last four, for as long as nothing is added
        assert len(page(service, NextToken=token, MaxResults=1)["Results"]) == 1


def test_keeping_nothing_refuses_every_token_of_before(store: Path, notes: list[str]) -> None:
    service = FreshService(store, notes.append, Keeping(0, 0))
    token = page(service, MaxResults=1)["NextToken"]
    add(store, "c")
    with pytest.raises(ServiceError, match="has expired"):
        page(service, NextToken=token, MaxResults=1)


def test_after_a_restart_a_token_of_before_is_expired(service: FreshService, store: Path, notes: list[str]) -> None:
    old = page(service, MaxResults=1)["NextToken"]
    add(store, "c")
    token = page(service, MaxResults=1)["NextToken"]
    again = FreshService(store, notes.append)
    assert len(page(again, NextToken=token, MaxResults=1)["Results"]) == 1  # it is of the store as it is
    with pytest.raises(ServiceError, match="has expired"):
        page(again, NextToken=old, MaxResults=1)


def test_a_token_is_found_however_its_member_is_spelled(service: FreshService, store: Path) -> None:
    token = page(service, MaxResults=1)["NextToken"]
    add(store, "c")
    body = f'{{"Resource": "TrainingJob", "MaxResults": 1, "Next\\u0054oken": "{token}"}}'
    assert orjson.loads(service.answer("Search", body.encode()))["TotalHits"]["Value"] == 2
    for body in ('{"NextToken"', '["NextToken"]', '{"Resource": "TrainingJob", "NextToken": 7}'):
        with pytest.raises(ServiceError):
            service.answer("Search", body.encode())


def test_a_store_that_is_written_again_with_the_same_content_stays_open(
    service: FreshService, store: Path, notes: list[str]
) -> None:
    page(service)
    add(store, "a")
    page(service)
    assert notes == []


def test_a_store_that_returns_to_what_it_was_is_one_snapshot(
    service: FreshService, store: Path, notes: list[str], tmp_path: Path
) -> None:
    token = page(service, MaxResults=1)["NextToken"]
    add(store, "c")
    later = page(service, MaxResults=1)["NextToken"]
    smsearch.build([tmp_path / "first.json"], store)
    assert page(service, MaxResults=1)["NextToken"] == token
    assert page(service, MaxResults=1, NextToken=later)["TotalHits"]["Value"] == 3
    assert len(notes) == 2


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux shows them")
def test_open_files_are_bounded(store: Path, notes: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapped file is an open one; snapshots share those of the segments that they share."""

    def open_files() -> int:
        gc.collect()  # the writer of this test is in this process too
        return sum(path.resolve().suffix == ".smseg" for path in Path("/proc/self/fd").iterdir())

    monkeypatch.setattr("smsearch.service.fresh.SEGMENTS_MAX", 12)
    monkeypatch.setattr("smsearch.ingest.merging.TIER_SEGMENTS_MAX", 1)  # each addition writes a new segment for all
    before = open_files()
    service = FreshService(store, notes.append, clock=clock)
    most = 0
    for at in range(40):
        page(service, MaxResults=1)
        most = max(most, open_files() - before)
        add(store, f"new-{at}")
    assert most <= 12 + 4
    clock.now += 3_600
    page(service)
    assert open_files() - before <= 4 + 2


def test_what_is_shared_is_opened_once(tmp_path: Path) -> None:
    store = tmp_path / "store"
    smsearch.build([dump(tmp_path / "first.json", *"abcdefgh")], store)
    first = Store(store)
    add(store, "i")
    second = Store(store, first)
    assert second.parts[0] is first.parts[0]
    (tmp_path / "newer.json").write_bytes(
        orjson.dumps([{"TrainingJobName": "a", "TrainingJobArn": ARN, "CreationTime": 1, "LastModifiedTime": 9}])
    )
    smsearch.build([tmp_path / "newer.json"], store, add=True)
    third = Store(store, second)
    assert third.parts[0].segment is first.parts[0].segment
    assert (first.parts[0].dead, list(third.parts[0].dead if third.parts[0].dead is not None else ())) == (None, [0])
    path = store / first.parts[0].entry.file
    path.with_suffix(".copy").write_bytes(path.read_bytes())
    path.with_suffix(".copy").rename(path)  # restored from elsewhere: what was mapped may be what was damaged
    assert Store(store, third).parts[0].segment is not first.parts[0].segment
