"""A store that changes while it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch.errors import ServiceError
from smsearch.service import FreshService
from smsearch.store.manifest import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.fixture
def service(store: Path, notes: list[str]) -> FreshService:
    return FreshService(store, notes.append)


def page(service: FreshService, **members: object) -> Any:  # noqa: ANN401 - a response
    return orjson.loads(service.answer("Search", orjson.dumps({"Resource": "TrainingJob", **members})))


def test_what_is_added_is_found_by_the_next_request(
    service: FreshService, store: Path, notes: list[str], tmp_path: Path
) -> None:
    assert page(service)["TotalHits"] == {"Value": 2, "Relation": "EqualTo"}
    begun = page(service, MaxResults=1)
    smsearch.build([dump(tmp_path / "more.json", "c")], store, add=True)
    assert page(service)["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}
    assert notes == ["the store has changed: 3 records now"]
    with pytest.raises(ServiceError, match="NextToken"):
        page(service, MaxResults=1, NextToken=begun["NextToken"])


def test_a_store_that_nobody_changes_is_opened_once(
    service: FreshService, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsearch.searcher.open_store", None)
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
    assert told.startswith("the store has changed, but what it was goes on being served: manifest.json is damaged")
    (store / MANIFEST).unlink()
    assert len(page(service)["Results"]) == 2
    assert "is not a store" in notes[-1]
    (store / MANIFEST).write_bytes(manifest)
    smsearch.build([dump(tmp_path / "more.json", "c")], store, add=True)
    assert len(page(service)["Results"]) == 3
    assert notes[-1] == "the store has changed: 3 records now"


def test_a_store_that_was_never_there_is_an_error(tmp_path: Path, notes: list[str]) -> None:
    with pytest.raises(smsearch.SmsearchError):
        FreshService(tmp_path / "none", notes.append)
