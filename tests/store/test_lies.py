"""Stores that lie: whatever is wrong under right checksums, a search is answered or ends with a StoreError."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import orjson
import pytest

import smsearch
from benchmarks.campaigns.samples import REQUESTS, answers, job, make_store
from smsearch.columnar import engine, lookup, short_path, short_segment
from smsearch.service.fresh import FreshService
from smsearch.store import check, footer, guard, manifest
from tests.store.forger import Forger, arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.usefixtures("small_dictionaries_are_indexed")


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("lies"))


@pytest.fixture(name="forger")
def _forger(store: Path, tmp_path: Path) -> Forger:
    return Forger(store, tmp_path / "forged")


def ask(folder: Path) -> None:
    """Asks by the wire, with NumPy and without, and without it for names; campaigns ask everything else."""
    assert len(list(answers(folder))) == len(REQUESTS)
    with patch.object(short_path, "is_open", lambda: True):
        assert len(list(answers(folder))) == len(REQUESTS)
        for text, rows_max in NAMED:
            with (
                patch.object(engine, "BATCHES", (2, 3)),
                patch.object(short_segment, "ROWS_MAX", rows_max),
                suppress(smsearch.RequestError, smsearch.StoreError),
            ):
                names = smsearch.open(folder).query(text, resource="TrainingJob").names()
                assert len(list(islice(names, ENDLESS))) < ENDLESS


def largest(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind == "f":
        return np.full_like(values, np.nan)
    limit = True if values.dtype.kind == "b" else np.iinfo(values.dtype).max
    return np.full_like(values, limit)


ENDLESS = 1_000
"""More names than any store here has."""
NAMED = (("ORDER BY TrainingJobName", 10_000), ("FailureReason EXISTS ORDER BY BillableTimeInSeconds", 8))
"""What names are asked for, in batches of two and three: along an order, and from few rows that a condition has."""
LIES: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "the largest number everywhere": largest,
    "one element less": lambda values: values[:-1],
    "the last one first": lambda values: np.roll(values, 1),
    "another type": lambda values: values.astype("<f8" if values.dtype.kind != "f" else "<i8"),
}


@pytest.mark.parametrize("lie", LIES)
def test_no_array_of_a_segment_makes_a_search_raise_anything_else(forger: Forger, lie: str) -> None:
    names = set()
    with np.errstate(invalid="ignore"):
        for place, values in arrays(forger.entries):
            if len(values):
                names.add(next(part for part in reversed(place) if isinstance(part, str)))
                ask(forger.write(forger.changed(place, LIES[lie](values))))
    assert names >= {"documents", "order", "starts", "codes", "texts", "numbers", "micros", "grams", "bounds", "groups"}


@pytest.mark.parametrize("lie", [None, -1, "x", [], {}, [0, 1 << 62, "<u4"]])
def test_no_member_of_a_directory_makes_a_search_raise_anything_else(forger: Forger, lie: object) -> None:
    for key in (
        "t",
        "tInputDataConfig",
        "s",
        "c\x1eTrainingJobName",
        "c\x1eHyperParameters\x1flr",
        "c\x1eCreationTime",
    ):
        ask(forger.write(forger.changed((key,), lie if isinstance(lie, dict) else {"x": lie})))
        for name in forger.entries[key]:
            ask(forger.write(forger.changed((key, name), lie)))


def test_the_error_names_the_file(forger: Forger) -> None:
    codes = forger.entries["c\x1eTrainingJobStatus"]["codes"]
    folder = forger.write(forger.changed(("c\x1eTrainingJobStatus", "codes"), codes[:-1]))
    (by_status,) = [one for one in answers_to(folder, {"SortBy": "TrainingJobStatus"}) if not isinstance(one, bytes)]
    assert forger.entry.file in str(by_status)
    assert all(forger.entry.file in problem for problem in check.check(folder))


def answers_to(folder: Path, members: dict[str, Any]) -> list[bytes | smsearch.StoreError]:
    try:
        return [smsearch.open(folder).search_json(orjson.dumps({"Resource": "TrainingJob", **members}))]
    except smsearch.StoreError as error:
        return [error]


def test_documents_that_are_none_are_named(forger: Forger) -> None:
    folder = forger.write(forger.entries, forger.documents.replace(b'"TrainingJobName":', b'"TrainingJobName";', 1))
    with pytest.raises(smsearch.StoreError, match=forger.entry.file):
        list(smsearch.open(folder).query("", resource="TrainingJob"))


def test_what_no_structure_has_noticed_is_named_by_the_check(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = forger.entries["c\x1eHyperParameters\x1flr"]["groups"]
    folder = forger.write(forger.changed(("c\x1eHyperParameters\x1flr", "groups"), groups[::-1]))

    def fail(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr(lookup, "rows_with_text", fail)
    with pytest.raises(smsearch.StoreError, match=forger.entry.file):
        smsearch.open(folder).describe("job-1-01")


def test_a_problem_that_says_what_to_do_says_it_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr(lookup, "rows_with_text", fail)
    monkeypatch.setattr(check, "problems_of", lambda _: iter([f"x is damaged: {footer.AGAIN}"]))
    with pytest.raises(smsearch.StoreError, match="damaged") as caught:
        smsearch.open(store).describe("job-1-01")
    assert str(caught.value) == f"x is damaged: {footer.AGAIN}"


def test_a_bug_stays_one_and_a_whole_store_is_checked_for_it_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []

    def fail(*_: object) -> None:
        raise KeyError("a bug")

    def count(part: object) -> Iterator[str]:
        checked.append(part)
        return iter(())

    monkeypatch.setattr(lookup, "rows_with_text", fail)
    monkeypatch.setattr(check, "problems_of", count)
    searcher = smsearch.open(store)
    for _ in range(3):
        with pytest.raises(KeyError, match="a bug"):
            searcher.describe("job-1-01")
    assert len(checked) == len(manifest.read_manifest(store).segments)


@pytest.mark.parametrize("pattern", ["segment-*", "counts-*"])
def test_a_file_that_is_shorter_than_it_was_ends_no_process(store: Path, tmp_path: Path, pattern: str) -> None:
    """As `cp` leaves it for a moment when it writes over it; reading beyond its end would be a signal, SIGBUS."""
    folder = tmp_path / "store"
    shutil.copytree(store, folder)
    named = manifest.read_manifest(folder).files()
    file = next(path for path in sorted(folder.glob(pattern)) if path.name in named)
    whole = file.read_bytes()
    searcher, service = smsearch.open(folder), FreshService(folder, lambda _: None)
    right = [searcher.search_json(orjson.dumps(request)) for request in REQUESTS]
    with file.open("r+b") as opened:
        opened.truncate(len(whole) // 2)
    for request in REQUESTS:
        body = orjson.dumps(request)
        searcher.forget()
        ways: list[Callable[[bytes], object]] = [searcher.search_json, partial(service.answer, "Search")]
        for ask in ways:
            with pytest.raises(smsearch.StoreError, match=rf"{file.name} is damaged: it has [\d,]+ bytes now, and had"):
                ask(body)
    with file.open("r+b") as opened:
        opened.write(whole)
    assert [searcher.search_json(orjson.dumps(request)) for request in REQUESTS] == right
    assert list(answers(folder)) == right


def test_lengths_are_looked_at_before_each_question(store: Path) -> None:
    searcher = smsearch.open(store)
    looked = []

    class Mapped:
        def size(self) -> int:
            looked.append(1)
            return 0

    own = searcher.engine.guard  # type: ignore[attr-defined]
    assert isinstance(own, guard.Guard)
    own._mapped = [(Mapped(), 1, "segment")]  # type: ignore[list-item]  # noqa: SLF001
    questions: list[Callable[[], object]] = [
        lambda: searcher.search(Resource="TrainingJob"),
        lambda: searcher.query("", resource="TrainingJob").total,
        lambda: searcher.query("", resource="TrainingJob").to_arrow(),
        lambda: list(searcher.query("", resource="TrainingJob").names()),
        lambda: searcher.facet("status", resource="TrainingJob"),
        lambda: searcher.describe("job-1-01"),
        lambda: searcher.sources("job-1-01"),
        lambda: searcher.query("", resource="TrainingJob").explain(),
    ]
    for question in questions:
        with pytest.raises(smsearch.StoreError, match="segment is damaged: it has 0 bytes now"):
            question()
    assert len(looked) >= len(questions)


@pytest.mark.parametrize("name", ["documents", "keys", "contents"])
def test_an_addition_to_a_store_that_lies_and_an_archive_of_one_end_so_too(
    forger: Forger, tmp_path: Path, name: str
) -> None:
    folder = forger.write(forger.changed(("t", name), forger.entries["t"][name][:-1]))
    (tmp_path / "newer.json").write_bytes(orjson.dumps([job(3, version=300)]))
    with pytest.raises(smsearch.StoreError, match=forger.entry.file):
        smsearch.build([tmp_path / "newer.json"], folder, add=True)
    with pytest.raises(smsearch.StoreError, match=forger.entry.file):
        smsearch.build_archive([folder], tmp_path / "archive")
