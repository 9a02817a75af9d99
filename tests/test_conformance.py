"""The definition of correct: every case of `tests/conformance/*.json`, asked of every engine.

A case names its rows of `docs/semantics.md`; the last tests hold the two together. What a case may expect:

    names, total, more    one page: record names in order, TotalHits, whether there is a NextToken (if left out: no)
    pages, total          the pages, NextToken followed to the end
    suggestions           the property names of GetSearchSuggestions
    error, path, message  the refusal's code, its JSON path, a part of its message
    wire_message          the whole message as the wire has it
    result_keys           the key of each result
    rows                  of the operation query: what the text selects, as rows of the result's Arrow table
    documents             members of the first documents, each compared as a whole; times as ISO 8601 in UTC
    groups, notes         the rows of `group_by`, their cells in order, times as ISO 8601 in UTC, a decimal that is no
                          double as text; and what it says was left out (if left out: nothing)

What holds only while records change cannot be data: `docs/semantics.md` names those tests by their pytest id.
"""

from __future__ import annotations

import copy
import json
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

import smsearch
from smsearch.errors import LimitExceededError, RequestError
from smsearch.live import reference
from smsearch.schema.prices import prices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from smsearch.predicate.predicate import Predicate
    from smsearch.result import Result
    from smsearch.schema.prices import Prices

ROOT = Path(__file__).resolve().parent.parent
SEMANTICS = ROOT / "docs" / "semantics.md"
STATUSES = {"documented", "observed", "decided"}
OPERATIONS = {"search", "get_search_suggestions", "query", "group"}
EXPECTATIONS = {
    *("names", "total", "more", "pages", "suggestions"),
    *("error", "path", "message", "wire_message", "result_keys", "documents", "rows"),
    *("groups", "notes"),
}
PAGES_MAX = 100
"""Pages after which NextToken is taken to have no end."""

# Where a result key's own name stands, if not in `<key>Name`; the first that is there counts.
NAMES = {
    "FeatureMetadata": ("FeatureName",),
    "ImageVersion": ("Version",),
    "ModelPackage": ("ModelPackageName", "ModelPackageArn"),
    "PipelineExecution": ("PipelineExecutionDisplayName", "PipelineExecutionArn"),
    "PipelineVersion": ("PipelineVersionId",),
}

REQUIRED_ROWS = {
    *(f"R{number}" for number in range(1, 15)),
    *(f"E{number}" for number in range(1, 8)),
    *(f"F{number}" for number in range(1, 23)),
    "F14b",
    *("S1", "S2", "S3", "S4", "P1", "P2", "P3", "D1", "D2", "D3", "G1", "W1", "W2", "W3", "W4"),
    *(f"N{number}" for number in range(1, 7)),
    *(f"L{number}" for number in range(1, 12)),
    *(f"A{number}" for number in range(1, 10)),
    "K1",
    *(f"T{number}" for number in range(1, 7)),
    *(f"V{number}" for number in range(1, 8)),
}


class Searcher(Protocol):
    """What a case is asked of."""

    prices: Prices | None

    def search(self, **members: object) -> dict[str, Any]:
        """One page, as boto3 gives it."""

    def get_search_suggestions(self, **members: object) -> dict[str, Any]:
        """Property names, as boto3 gives them."""

    def query(self, query: str, *, resource: str | None = None) -> Result:
        """The result of a text."""


def stored(records: Sequence[object]) -> Searcher:
    """The records as a store, built once for all cases that have them; its folder goes with the test session."""
    return smsearch.open(_built(tuple(json.dumps(record) + "\n" for record in records)))


@cache
def _built(lines: tuple[str, ...]) -> Path:
    folder = Path(tempfile.mkdtemp(dir=_STORES.name))
    (folder / "dump.jsonl").write_text("".join(lines), encoding="utf-8")
    smsearch.build([folder / "dump.jsonl"], folder / "store")
    return folder / "store"


_STORES = tempfile.TemporaryDirectory(prefix="smsearch-conformance-")

ENGINES: dict[str, Callable[[Sequence[object]], Searcher]] = {
    "live": smsearch.from_records,
    "store": stored,
}
"""Everything that must give the same answers."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its answer."""

    id: str
    rows: tuple[str, ...]
    status: str
    source: str
    section: str
    records: list[dict[str, Any]]
    operation: str
    request: dict[str, Any]
    expected: dict[str, Any]
    prices: dict[str, float] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the decision table; `tests` are case ids and pytest ids."""

    id: str
    status: str
    tests: tuple[str, ...]
    code: tuple[str, ...]


def _cases() -> Iterator[Case]:
    for file in sorted((ROOT / "tests" / "conformance").glob("*.json")):
        section = json.loads(file.read_text(encoding="utf-8"))
        for written in section["cases"]:
            records = written["records"]
            yield Case(
                id=written["id"],
                rows=tuple(written["rows"]),
                status=written["status"],
                source=written["source"],
                section=section["section"],
                records=section["records"][records] if isinstance(records, str) else records,
                operation=written.get("operation", "search"),
                request=written["request"],
                expected=written["expected"],
                prices=written.get("prices"),
            )


def _rows() -> Iterator[Row]:
    for line in SEMANTICS.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| [A-Z]\d+[a-z]? \|", line):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            yield Row(cells[0], cells[3], *(tuple(re.findall(r"`([^`]+)`", cell)) for cell in cells[4:]))


CASES = tuple(_cases())
ROWS = tuple(_rows())


def _name(result: dict[str, Any]) -> str:
    ((key, document),) = result.items()
    described = document["Model"] if key == "Model" else document
    return str(next(described[name] for name in NAMES.get(key, (f"{key}Name",)) if name in described))


def _plain(value: object) -> object:
    """A value of a response in JSON: its times as ISO 8601 in UTC."""
    match value:
        case datetime():
            assert value.tzinfo is not None, "boto3 gives times with a zone"
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case Decimal():
            return str(value)
        case _:
            return value


def _follow(searcher: Searcher, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every page of a search, the same request sent again with each NextToken."""
    token: dict[str, Any] = {}
    for _ in range(PAGES_MAX):
        page = searcher.search(**request, **token)
        yield page
        if "NextToken" not in page:
            return
        token = {"NextToken": page["NextToken"]}
    pytest.fail("NextToken has no end")


def _judge_error(asked: Callable[..., object], case: Case) -> None:
    with pytest.raises(RequestError) as caught:
        asked(**case.request)
    error, expected = caught.value, case.expected
    assert error.code == expected["error"], str(error)
    assert error.path == expected.get("path", error.path)
    assert expected.get("message", "") in str(error)
    told = expected.get("wire_message", error.wire_message)
    assert error.response["Error"] == {"Code": "ValidationException", "Message": told}  # row W1


def _judge_pages(pages: Sequence[dict[str, Any]], expected: dict[str, Any]) -> None:
    names = [[_name(result) for result in page["Results"]] for page in pages]
    if "pages" in expected:
        assert names == expected["pages"]
    if "names" in expected:
        assert names == [expected["names"]]
        assert ("NextToken" in pages[0]) is expected.get("more", False)
    if "total" in expected:  # row R8: counted exactly, on every page
        hits = {"Value": expected["total"], "Relation": "EqualTo"}
        assert [page["TotalHits"] for page in pages] == [hits] * len(pages)
    if "result_keys" in expected:
        assert [key for page in pages for result in page["Results"] for key in result] == expected["result_keys"]
    for at, wanted in enumerate(expected.get("documents", [])):
        (document,) = pages[0]["Results"][at].values()
        assert {name: _plain(document.get(name)) for name in wanted} == wanted


def _judge_result(result: Result, expected: dict[str, Any]) -> None:
    assert result.total == expected["total"]
    if "names" in expected:
        assert list(result.names()) == expected["names"]
    if "rows" in expected:
        assert result.to_arrow().to_pylist() == expected["rows"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, engine: str) -> None:
    judge(case, ENGINES[engine](case.records))


def judge(case: Case, searcher: Searcher) -> None:
    """Asks a case and compares the answer with what it expects."""
    request = copy.deepcopy(case.request)
    searcher.prices = None if case.prices is None else prices_of(case.prices)
    if case.operation == "group":
        _judge_groups(searcher, case)
        return
    asked: Callable[..., Any] = getattr(searcher, case.operation)
    if "error" in case.expected:
        _judge_error(asked, case)
    elif case.operation == "query":
        _judge_result(asked(**case.request), case.expected)
    elif "suggestions" in case.expected:
        suggested = asked(**case.request)["PropertyNameSuggestions"]
        assert [entry["PropertyName"] for entry in suggested] == case.expected["suggestions"]
    elif "pages" in case.expected:
        _judge_pages(list(_follow(searcher, case.request)), case.expected)
    else:
        _judge_pages([asked(**case.request)], case.expected)
    # Compared as text: NaN does not equal itself, and the caller's request is never changed.
    assert json.dumps(case.request) == json.dumps(request)


def _judge_groups(searcher: Searcher, case: Case) -> None:
    members = dict(case.request)
    result = searcher.query(members.pop("where", ""), resource=members.pop("resource", "TrainingJob"))
    keys, columns = members.pop("by"), members.pop("agg")
    if "error" in case.expected:
        with pytest.raises(RequestError) as caught:
            result.group_by(*keys).agg(*columns, **members)
        assert caught.value.code == case.expected["error"]
        assert case.expected["message"] in str(caught.value)
        return
    table = result.group_by(*keys).agg(*columns, **members)
    assert [[_plain(cell) for cell in row.values()] for row in table] == case.expected["groups"]
    assert list(table.notes) == case.expected.get("notes", [])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_expression_ten_thousand_deep_is_refused(engine: str) -> None:
    """Row E7: deeper than the JSON of a case can be, or the interpreter's stack."""
    expression: dict[str, Any] = {"Filters": [{"Name": "TrainingJobName"}]}
    for _ in range(10_000):
        expression = {"SubExpressions": [expression]}
    with pytest.raises(LimitExceededError):
        ENGINES[engine]([]).search(Resource="TrainingJob", SearchExpression=expression)


def test_a_late_page_judges_no_more_records_than_an_early_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row P2: after the first page, which counts, a page looks at its own records and at the one that follows."""
    names = [f"job-{number:03}" for number in range(300)]
    searcher = smsearch.from_records([{"TrainingJob": {"TrainingJobName": name}} for name in names])
    judged = 0
    judge = reference.holds

    def counted(predicate: Predicate, document: object) -> bool:
        nonlocal judged
        judged += 1
        return judge(predicate, document)

    monkeypatch.setattr(reference, "holds", counted)
    request = {"Resource": "TrainingJob", "SearchExpression": {"Filters": [{"Name": "TrainingJobName"}]}}
    costs: list[int] = []
    found: list[str] = []
    for page in _follow(searcher, request):
        costs.append(judged - sum(costs))
        found += [_name(result) for result in page["Results"]]
    assert found == names
    assert costs[0] >= len(names)
    assert costs[1:] == [11] * 28 + [10]


def test_case_ids_are_unique_and_begin_with_their_row() -> None:
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []
    assert [case.id for case in CASES if case.id.partition("-")[0] != case.rows[0]] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case_is_well_formed(case: Case) -> None:
    assert case.status in STATUSES
    assert case.source
    assert case.operation in OPERATIONS
    assert len(set(case.rows)) == len(case.rows)
    assert case.expected
    assert set(case.expected) <= EXPECTATIONS
    assert all(len(record) == 1 for record in case.records)
    if "names" in case.expected or "pages" in case.expected:
        assert "total" in case.expected
    if not case.expected.get("more"):
        pages = case.expected.get("pages", [case.expected.get("names", case.expected.get("rows", []))])
        assert case.expected.get("total", 0) == sum(map(len, pages))


def test_the_table_holds_every_row_once() -> None:
    assert sorted(row.id for row in ROWS) == sorted(REQUIRED_ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_names_its_cases_and_only_those(row: Row) -> None:
    cases = [name for name in row.tests if "::" not in name]
    assert row.tests, "a row that nothing holds is an opinion"
    assert sorted(cases) == sorted(case.id for case in CASES if row.id in case.rows)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_is_in_the_code_it_names(row: Row) -> None:
    assert set(re.split(r"[,;] ", re.sub(r" \(.*?\)", "", row.status))) <= STATUSES
    assert row.code
    package = ROOT / "smsearch"
    folders = {place: ROOT if place.startswith("grammar/") else package for place in row.code}
    assert [place for place, folder in folders.items() if not (folder / place).is_file()] == []


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in row.tests if "::" in name}))
def test_a_test_that_the_table_names_exists(name: str) -> None:
    file, _, function = name.partition("::")
    assert (ROOT / file).is_file()
    assert re.search(rf"^def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_a_case_knows_no_more_than_its_row() -> None:
    """A row cannot be called decided while one of its own cases is documented, nor the other way round."""
    claims = {row.id: set(re.findall("|".join(STATUSES), row.status)) for row in ROWS}
    assert [case.id for case in CASES if case.status not in claims[case.rows[0]]] == []


def test_every_row_of_a_case_stands_in_the_table() -> None:
    assert {row for case in CASES for row in case.rows} <= {row.id for row in ROWS}
