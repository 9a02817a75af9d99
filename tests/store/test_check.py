"""`check` against structures that are wrong while every checksum is right: each is written so, one at a time.

The law: whichever array of a segment has one element more or less, or another one, `check` names its file, or at least
`check --deep`. What searching, sorting and counting go through is named without `--deep`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest

import smsearch
from benchmarks.campaigns.samples import job
from smsearch.frozen import replace
from smsearch.ingest import merging
from smsearch.ingest.recheck import recheck
from smsearch.store import manifest
from smsearch.store.check import check
from smsearch.store.segment import Segment
from smsearch.store.segment_reader import SegmentReader
from tests.store.forger import Forger, arrays, put, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tests.store.forger import Place

pytestmark = pytest.mark.usefixtures("small_dictionaries_are_indexed")

ROOT = Path(__file__).parent.parent.parent
SEARCHED = {
    "documents",
    "ties_order",
    "ties_rank",
    "parents",
    "bounds",
    "at",
    "codes",
    "order",
    "starts",
    "groups",
    "counts",
    "grams",
    "blocks",
    "json_numbers",
}
"""Structures that pages, counts and facets go through; what else there is holds values and what tells records apart."""


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    (folder / "jobs.json").write_bytes(orjson.dumps([job(at) for at in range(40)]))
    smsearch.build([folder / "jobs.json"], folder / "store")
    assert smsearch.check(folder / "store", deep=True) == []
    return folder / "store"


@pytest.fixture(name="wrong")
def _wrong(store: Path, tmp_path: Path) -> Forger:
    return Forger(store, tmp_path / "wrong")


def other(values: NDArray[Any], at: int) -> NDArray[Any]:
    """The array with another element at a place, of its type."""
    made = values.copy()
    made[at] = ~made[at] if made.dtype == bool else made[at] + 1 if made[at] < 200 else made[at] - 1
    return made


CHANGES: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "another first": lambda values: other(values, 0),
    "another last": lambda values: other(values, -1),
    "one more": lambda values: np.append(values, values[-1:]),
    "one less": lambda values: values[:-1],
    "none": lambda values: values[:0],
    "turned around": lambda values: values[::-1],
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_array_of_a_segment_is_compared_with_what_it_is_made_of(wrong: Forger, change: str) -> None:
    whole = wrong.write(wrong.entries)
    assert list(recheck(whole)) == []
    tried = set()
    for path, values in arrays(wrong.entries):
        if not len(values):
            continue
        made = CHANGES[change](values)
        if np.array_equal(made, values):
            continue
        name = str(next(part for part in reversed(path) if isinstance(part, str)))
        folder = wrong.write(wrong.changed(path, made))
        problems = list(check(folder)) or list(() if name in SEARCHED else recheck(folder))
        if name in {"full", "derived", "numbers", *SOURCES} and change not in {"one more", "one less", "none"}:
            continue  # no document tells them
        assert problems, f"{path}: {values} was {made}"
        assert all(problem.startswith((wrong.entry.file, manifest.MANIFEST)) for problem in problems)
        tried.add(name)
    assert tried >= SEARCHED or change != "another first"


SOURCES = ("files", "paths", "line", "element")
MEMBERS = ("present", "readable", "unreadable", "rows", "resource", "booleans")


def test_every_number_of_an_entry_is_compared_too(wrong: Forger) -> None:
    def leaves(value: Any, path: Place = ()) -> Iterator[tuple[Place, object]]:  # noqa: ANN401
        if isinstance(value, dict):
            for key, member in value.items():
                yield from leaves(member, (*path, key))
        elif isinstance(value, bool | int | str) or (isinstance(value, list) and path[-1] == "booleans"):
            yield path, value

    tried = set()
    for path, value in leaves(wrong.entries):
        if path[0] == "s" and path[-1] in SOURCES:
            continue  # no document tells them
        for made in (
            (value + 1, value - 1) if type(value) is int else (not value,) if value.__class__ is bool else ("x", None)
        ):
            problems = list(check(wrong.write(wrong.changed(path, made))))
            assert problems, f"{path}: {value} was {made}"
            tried.add(path[-1])
    assert tried >= set(MEMBERS)


def test_what_is_missing_or_too_much_is_named(wrong: Forger) -> None:
    for key in wrong.entries:
        without = {name: entry for name, entry in wrong.entries.items() if name != key}
        folder = wrong.write(without)
        assert list(check(folder)) or list(recheck(folder)), key
        for member in wrong.entries[key]:
            if member not in {"extras", "texts_apart", "counts", "checksums"}:  # smsearch 0.2.0 wrote no checksums
                entry = {name: value for name, value in wrong.entries[key].items() if name != member}
                folder = wrong.write(wrong.entries | {key: entry})
                problems = list(check(folder)) or list(recheck(folder))
                assert problems or wrong.entries[key][member] is None, (key, member)
    for key in ("cNowhere\x1ex", "x", "tA\x1dB"):
        (problem, *_) = check(wrong.write(wrong.entries | {key: wrong.entries["t"]}))
        assert repr(key) in problem or repr(key[1:]) in problem


def test_documents_that_are_others_are_named(wrong: Forger) -> None:
    offsets = wrong.entries["t"]["documents"].tolist()
    second = wrong.documents[offsets[1] : offsets[2]]
    for document in (second[:-2] + b",}", b"[" + second[1:], b" " * len(second)):
        whole = wrong.documents[: offsets[1]] + document + wrong.documents[offsets[2] :]
        (problem,) = check(wrong.write(wrong.entries, whole))
        assert "the document of row 1" in problem
    failed = wrong.documents.replace(b'"TrainingJobStatus":"Failed"', b'"TrainingJobStatus":"Foiled"', 1)
    assert list(check(wrong.write(wrong.entries, failed))) == []
    problems = list(recheck(wrong.write(wrong.entries, failed)))
    assert any("column 'TrainingJobStatus' of table ''" in problem for problem in problems)
    cut = wrong.documents.replace(b'"TrainingJobStatus":"Failed"', b'"TrainingJobStatus":"Failed ', 1)
    (problem,) = recheck(wrong.write(wrong.entries, cut))
    assert "a document cannot be read" in problem


def test_a_document_is_read_only_if_it_is_that_of_its_checksum(wrong: Forger) -> None:
    checksums = wrong.entries["t"]["checksums"].copy()
    checksums[1] ^= 1
    part = SegmentReader(wrong.write(wrong.changed(("t", "checksums"), checksums)), wrong.entry)
    assert len(part.documents(np.array([0, 2]))) == 2
    for _ in range(2):
        with pytest.raises(smsearch.StoreError, match="are not as they were written"):
            part.documents(np.array([0, 1]))


def test_an_index_that_lost_a_text_is_named_where_a_search_finds_less(wrong: Forger) -> None:
    key = next(key for key, entry in wrong.entries.items() if "trigrams" in entry.get("values", {}))
    index = wrong.entries[key]["values"]["trigrams"]
    grams = index["grams"].copy()
    grams[0] += 1
    made = wrong.changed((key, "values", "trigrams"), index | {"grams": grams})
    problems = list(check(wrong.write(made)))
    assert ["trigram" in problem for problem in problems] == [True]


def test_accounts_are_counted(wrong: Forger) -> None:
    wrong.listed = replace(wrong.listed, accounts={"111122223333": 39, "444455556666": 1})
    (problem,) = check(wrong.write(wrong.entries))
    assert problem == "manifest.json: accounts does not count the records of 111122223333, 444455556666."


def test_the_number_of_the_next_record_is_beyond_those_of_all_records(wrong: Forger) -> None:
    wrong.listed = replace(wrong.listed, next_number=wrong.listed.next_number - 1)
    (problem,) = check(wrong.write(wrong.entries))
    assert problem == "manifest.json: next_number is not beyond the numbers of the records that have arrived."


@pytest.mark.parametrize("change", CHANGES)
def test_held_snapshots_are_compared_with_their_documents(tmp_path: Path, change: str) -> None:
    """They are not searched, but an addition believes them."""
    summaries = [
        {"TrainingJobName": name, "TrainingJobArn": job(at)["TrainingJobArn"], "CreationTime": at}
        for at, name in ((at, job(at)["TrainingJobName"]) for at in range(6))
    ]
    (tmp_path / "jobs.json").write_bytes(orjson.dumps([job(at) for at in range(6)]))
    (tmp_path / "list.json").write_bytes(orjson.dumps({"TrainingJobSummaries": summaries}))
    smsearch.build([tmp_path / "list.json", tmp_path / "jobs.json"], tmp_path / "store")
    listed = manifest.read_manifest(tmp_path / "store")
    (entry,) = listed.held
    path = tmp_path / "store" / entry.file
    segment = Segment(path)
    table = resolved(segment, segment.entry("t"))
    documents = segment.bytes_between(0, int(table["documents"][-1]))
    for name, values in table.items():
        made = CHANGES[change](values) if isinstance(values, np.ndarray) else None
        if made is None or np.array_equal(made, values):
            continue
        written = put(path, entry, documents, {"t": table | {name: made}})
        manifest.write_manifest(tmp_path / "store", replace(listed, held=(written,)))
        problems = smsearch.check(tmp_path / "store", deep=True)
        if name not in {"full", "derived", "numbers"} or len(made) != len(values):
            assert [problem.startswith(written.file) for problem in problems] == [True] * len(problems)
            assert problems, (name, change)


@pytest.mark.parametrize(
    "members",
    [
        b'"FailureReason": Infinity',
        b'"HyperParameters": {"x": -Infinity}',
        b'"Environment": {"x": NaN, "y": 1e400}',
        b'"BillableTimeInSeconds": "NaN"',
        b'"BillableTimeInSeconds": NaN',
        b'"FailureReason": Infinity, "FinalMetricDataList": [{"MetricName": "m", "Value": NaN}]',
        b'"CreationTime": 9007199254740992.0, "FailureReason": 0.1',
        b'"VpcConfig": {"Subnets": [0.1, Infinity, null, "NaN"]}, "Tags": [{"Key": "x", "Value": 1e22}]',
    ],
)
def test_a_store_of_numbers_that_json_does_not_have_is_whole(members: bytes, tmp_path: Path) -> None:
    (tmp_path / "jobs.json").write_bytes(b'[{"TrainingJobName": "a", ' + members + b"}]")
    smsearch.build([tmp_path / "jobs.json"], tmp_path / "store")
    assert smsearch.check(tmp_path / "store", deep=True) == []


@pytest.mark.parametrize("exports", ["exports", "awkward"])
def test_a_store_of_every_kind_and_of_additions_is_whole(exports: str, tmp_path: Path) -> None:
    smsearch.build([ROOT / "data" / exports], tmp_path / "store")
    smsearch.build([ROOT / "data" / "exports" / "training-jobs"], tmp_path / "store", add=True)
    assert smsearch.check(tmp_path / "store", deep=True) == []


@pytest.mark.parametrize(
    "documents",
    [
        [{"TrainingJob": {"TrainingJobName": name, "Tags": [], "HyperParameters": {}}} for name in "ab"],
        [
            {"TrialComponent": {"TrialComponentName": name, "Parameters": {}, "Parents": [parent], "DisplayName": "x"}}
            for name in "ab"
            for parent in [{"TrialName": "", "ExperimentName": name}]
        ],
    ],
)
def test_a_store_whose_empty_members_were_written_anew_is_whole(
    documents: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "TIER_SEGMENTS_MAX", 0)
    for at, document in enumerate(documents):
        (tmp_path / f"{at}.json").write_bytes(orjson.dumps(document))
        smsearch.build([tmp_path / f"{at}.json"], tmp_path / "store", add=True)
    assert [entry.rows for entry in manifest.read_manifest(tmp_path / "store").segments] == [2]
    assert smsearch.check(tmp_path / "store", deep=True) == []
