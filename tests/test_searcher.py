"""The searcher: one page in boto3's shape or the wire's, queries, suggestions, and records that come and go."""

from __future__ import annotations

import copy
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch.errors import (
    ExportError,
    InvalidValueError,
    LimitExceededError,
    MissingLibraryError,
    OperatorNotSupportedError,
    RequestError,
    ShapeError,
    SmsearchWarning,
    TextSyntaxError,
    UnknownPropertyError,
)
from smsearch.live_searcher import LiveSearcher
from smsearch.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsearch.searcher import Searcher

HERE, THERE = "111111111111", "222222222222"


def job(name: str, account: str = HERE, **members: object) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:eu-west-1:{account}:training-job/{name}"
    return {"TrainingJob": {"TrainingJobName": name, "TrainingJobArn": arn, **members}}


def tagged(**tags: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def metric(name: str, value: float) -> dict[str, object]:
    return {"MetricName": name, "Value": value, "Timestamp": 1_706_702_400}


RECORDS = [
    job(
        "slow",
        LastModifiedTime="2024-01-31T12:00:00Z",
        TrainingJobStatus="Completed",
        FinalMetricDataList=[metric("loss", 0.5)],
        HyperParameters={"lr": "0.1"},
        Tags=tagged(team="a"),
    ),
    job(
        "fast",
        LastModifiedTime="2024-02-01T12:00:00Z",
        TrainingJobStatus="Failed",
        FinalMetricDataList=[metric("loss", math.nan)],
        HyperParameters={"lr": "1e-2"},
        Tags=tagged(team="b"),
    ),
    job("other", THERE, LastModifiedTime="2024-01-01T00:00:00Z", TrainingJobStatus="Completed"),
    {"Experiment": {"ExperimentName": "e", "CreationTime": 0}},
]


@pytest.fixture
def searcher() -> LiveSearcher:
    return smsearch.from_records(copy.deepcopy(RECORDS))


def names(page: dict[str, Any]) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]


def expression(name: str, operator: str, value: str | None = None) -> dict[str, Any]:
    condition = {"Name": name, "Operator": operator}
    return {"Filters": [condition if value is None else {**condition, "Value": value}]}


def test_the_default_order_is_the_last_modified_first(searcher: LiveSearcher) -> None:
    page = searcher.search(Resource="TrainingJob")
    assert names(page) == ["fast", "slow", "other"]
    assert page["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}
    assert page["Results"][0]["TrainingJob"]["LastModifiedTime"] == datetime(2024, 2, 1, 12, tzinfo=UTC)


def test_filters_sorts_and_sizes_work_together(searcher: LiveSearcher) -> None:
    members = {"Resource": "TrainingJob", "SortBy": "Metrics.loss", "SortOrder": "Ascending"}
    assert names(searcher.search(**members)) == ["slow", "fast", "other"]
    assert names(searcher.search(**members, SearchExpression=expression("HyperParameters.lr", "LessThan", "0.05"))) == [
        "fast"
    ]
    page = searcher.search(**members, MaxResults=1)
    assert names(page) == ["slow"]
    assert "NextToken" in page


def test_visibility_lets_untagged_records_through(searcher: LiveSearcher) -> None:
    visible = [{"Key": "Tags.team", "Value": "a"}]
    assert names(searcher.search(Resource="TrainingJob", VisibilityConditions=visible)) == ["slow", "other"]
    both = [*visible, {"Key": "Tags.team", "Value": "b"}]
    assert names(searcher.search(Resource="TrainingJob", VisibilityConditions=both)) == ["other"]


def test_other_accounts_are_not_the_most_frequent_one(searcher: LiveSearcher) -> None:
    def seen(option: str) -> list[str]:
        return names(searcher.search(Resource="TrainingJob", CrossAccountFilterOption=option))

    assert seen("CrossAccount") == ["other"]
    assert seen("SameAccount") == ["fast", "slow"]


@pytest.mark.parametrize(
    ("members", "error", "path"),
    [
        ({}, ShapeError, "Resource"),
        ({"Resource": "Nope"}, InvalidValueError, "Resource"),
        ({"Resource": "TrainingJob", "SortBy": "Nope"}, UnknownPropertyError, "SortBy"),
        ({"Resource": "TrainingJob", "SortBy": "Tags"}, OperatorNotSupportedError, "SortBy"),
        ({"Resource": "TrainingJob", "SearchExpression": {}}, LimitExceededError, "SearchExpression"),
        (
            {"Resource": "TrainingJob", "SearchExpression": expression("Nope", "Exists")},
            UnknownPropertyError,
            "SearchExpression.Filters[0].Name",
        ),
        (
            {"Resource": "TrainingJob", "VisibilityConditions": [{"Key": "team", "Value": "a"}]},
            InvalidValueError,
            "VisibilityConditions[0].Key",
        ),
        (
            {"Resource": "PipelineVersion", "VisibilityConditions": [{"Key": "Tags.team", "Value": "a"}]},
            UnknownPropertyError,
            "VisibilityConditions[0].Key",
        ),
    ],
)
def test_a_wrong_request_is_refused_with_its_place(
    searcher: LiveSearcher, members: dict[str, Any], error: type[RequestError], path: str
) -> None:
    with pytest.raises(error) as raised:
        searcher.search(**members)
    assert raised.value.path == path
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    with pytest.raises(error):
        searcher.search_json(orjson.dumps(members))


def test_the_wires_form(searcher: LiveSearcher) -> None:
    page = orjson.loads(
        searcher.search_json(b'{"Resource": "TrainingJob", "SortBy": "TrainingJobName", "MaxResults": 1}')
    )
    (result,) = page["Results"]
    assert result["TrainingJob"]["TrainingJobName"] == "slow"
    assert result["TrainingJob"]["LastModifiedTime"] == 1_706_702_400
    assert page["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}
    assert page["NextToken"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"a"', b"{", b"\xff", b'{"Resource": "TrainingJob"} x', b'{"a": NaN}']
)
def test_a_body_that_is_no_json_object(searcher: LiveSearcher, body: bytes) -> None:
    with pytest.raises(ShapeError):
        searcher.search_json(body)


def test_the_callers_records_are_never_changed() -> None:
    given = copy.deepcopy(RECORDS)
    searcher = smsearch.from_records(given)
    for result in searcher.search(Resource="TrainingJob")["Results"]:
        result["TrainingJob"]["Tags"].append("spoilt")
        result["TrainingJob"].setdefault("HyperParameters", {})["lr"] = "spoilt"
    searcher.search_json(b'{"Resource": "TrainingJob"}')
    for document in searcher.query(""):
        document["Tags"] = "spoilt"
    assert str(given) == str(RECORDS)
    assert searcher.search(Resource="TrainingJob")["Results"][1]["TrainingJob"]["Tags"] == tagged(team="a")


def test_suggestions_come_from_the_schema_and_the_data(searcher: LiveSearcher) -> None:
    def suggested(hint: str) -> list[str]:
        query = {"PropertyNameQuery": {"PropertyNameHint": hint}}
        response = searcher.get_search_suggestions(Resource="TrainingJob", SuggestionQuery=query)
        return [entry["PropertyName"] for entry in response["PropertyNameSuggestions"]]

    assert suggested("lr") == ["HyperParameters.lr"]
    assert suggested("metrics.") == ["Metrics.loss"]
    searcher.upsert(job("new", FinalMetricDataList=[metric("acc", 1)]))
    assert suggested("metrics.") == ["Metrics.acc", "Metrics.loss"]


def test_the_paginator_walks_search(searcher: LiveSearcher) -> None:
    pages = searcher.get_paginator("search").paginate(Resource="TrainingJob", PaginationConfig={"PageSize": 2})
    assert [names(page) for page in pages] == [["fast", "slow"], ["other"]]
    assert names(pages.build_full_result()) == ["fast", "slow", "other"]
    with pytest.raises(ShapeError):
        searcher.get_paginator("list_training_jobs")


def test_records_come_and_go(searcher: LiveSearcher) -> None:
    searcher.upsert(job("slow", TrainingJobStatus="Stopped"), job("new", LastModifiedTime="2025-01-01"))
    assert names(searcher.search(Resource="TrainingJob")) == ["new", "fast", "other", "slow"]
    assert searcher.remove("fast") == 1
    assert searcher.remove("fast") == 0
    assert searcher.remove("slow", "Experiment") == 0
    assert searcher.remove(job("slow")["TrainingJob"]["TrainingJobArn"], "TrainingJob") == 1
    assert names(searcher.search(Resource="TrainingJob")) == ["new", "other"]
    assert searcher.resources() == {"TrainingJob": 2, "Experiment": 1}


def test_nothing_is_added_when_one_of_several_is_no_record(searcher: LiveSearcher) -> None:
    with pytest.raises(ExportError):
        searcher.upsert(job("new"), {"what": "is this"})
    assert searcher.resources()["TrainingJob"] == 3


def test_describe_finds_by_name_or_arn_in_one_kind_or_in_all(searcher: LiveSearcher) -> None:
    (found,) = searcher.describe("slow")
    assert found.name == "slow"
    assert searcher.describe(found.arn) == [found]
    assert searcher.describe("e", "Experiment")[0].resource == "Experiment"
    assert searcher.describe("slow", "Experiment") == []
    assert searcher.describe("slow", "CompilationJob") == []
    with pytest.raises(InvalidValueError):
        searcher.describe("slow", "NoSuchKind")
    with pytest.raises(InvalidValueError):
        searcher.remove("slow", "NoSuchKind")


def test_the_default_resource() -> None:
    experiments: list[dict[str, Any]] = [{"Experiment": {"ExperimentName": name}} for name in "ab"]
    assert smsearch.from_records([]).default_resource == "TrainingJob"
    assert smsearch.from_records([*experiments, job("a")]).default_resource == "TrainingJob"
    assert smsearch.from_records([*experiments, {"Trial": {"TrialName": "t"}}]).default_resource == "Experiment"


def test_a_text_query(searcher: LiveSearcher) -> None:
    result = searcher.query("Metrics.loss < 1 ORDER BY TrainingJobName")
    assert list(result.names()) == ["slow"]
    assert (len(result), result.total, bool(result)) == (1, 1, True)
    first = result.first()
    assert first is not None
    assert first["LastModifiedTime"] == datetime(2024, 1, 31, 12, tzinfo=UTC)
    assert not searcher.query("TrainingJobName = 'nope'")
    assert searcher.query("TrainingJobName = 'nope'").first() is None


def test_a_text_query_with_values(searcher: LiveSearcher) -> None:
    assert list(searcher.query("TrainingJobName = :name", {"name": "slow"}).names()) == ["slow"]
    assert list(searcher.query("TrainingJobName = :name", name="slow").names()) == ["slow"]


def test_an_empty_text_is_every_record(searcher: LiveSearcher) -> None:
    assert list(searcher.query("").names()) == ["fast", "slow", "other"]
    assert list(searcher.query("", resource="Experiment").names()) == ["e"]


def test_a_query_may_be_json(searcher: LiveSearcher) -> None:
    assert list(searcher.query(expression("TrainingJobStatus", "Equals", "Completed")).names()) == ["slow", "other"]
    whole = {"Resource": "TrainingJob", "SortBy": "TrainingJobName", "SortOrder": "Ascending", "MaxResults": 2}
    result = searcher.query(whole)
    assert list(result.names()) == ["fast", "other"]
    assert (len(result), result.total) == (2, 3)


def test_a_result_answers_anew_after_a_change(searcher: LiveSearcher) -> None:
    result = searcher.query("TrainingJobStatus = 'Completed'")
    assert len(result) == 2
    searcher.remove("slow")
    assert list(result.names()) == ["other"]
    assert len(result) == 1


def test_an_expression_has_one_contains_and_a_text_any_number(searcher: LiveSearcher) -> None:
    twice: dict[str, Any] = {"Filters": expression("TrainingJobName", "Contains", "s")["Filters"] * 2}
    with pytest.raises(LimitExceededError, match="'CONTAINS' operator usage limit of 1 exceeded"):
        searcher.query(twice)
    text = "name CONTAINS s AND name NOT CONTAINS f AND NOT name CONTAINS x"
    assert list(searcher.query(text).names()) == ["slow"]
    with pytest.raises(TextSyntaxError, match="cannot say NOT CONTAINS of name"):
        searcher.query(text, strict=True)
    with pytest.raises(LimitExceededError, match="'CONTAINS' operator usage limit of 1 exceeded"):
        searcher.query("name CONTAINS s AND name CONTAINS f", strict=True)


def test_extended_is_accepted_for_a_version_and_told(searcher: LiveSearcher) -> None:
    twice: dict[str, Any] = {"Filters": expression("TrainingJobName", "Contains", "s")["Filters"] * 2}
    for query in (twice, {"Resource": "TrainingJob", "SearchExpression": twice}):
        with pytest.warns(DeprecationWarning, match="unless it is strict"):
            assert list(searcher.query(query, extended=True).names()) == ["fast", "slow"]


def test_a_policy_holds_for_search_and_query() -> None:
    searcher = smsearch.from_records(RECORDS, policy=Policy(contains_ignores_case=True, empty_expression_allowed=True))
    within = expression("TrainingJobName", "Contains", "SLOW")
    assert names(searcher.search(Resource="TrainingJob", SearchExpression=within)) == ["slow"]
    assert list(searcher.query(within).names()) == ["slow"]
    assert len(searcher.search(Resource="TrainingJob", SearchExpression={})["Results"]) == 3


def test_a_resource_that_search_does_not_know() -> None:
    searcher = smsearch.from_records([{"CompilationJob": {"CompilationJobName": "c"}}])
    assert list(searcher.query("").names()) == ["c"]  # of the kind of most records, if Search knows none of them
    with pytest.raises(InvalidValueError) as raised:
        searcher.query({"Resource": "CompilationJob"})
    assert raised.value.path == "Resource"


def test_superseded_records_are_counted() -> None:
    searcher = smsearch.from_records([job("a"), job("a"), job("b"), job("a")])
    assert searcher.report.superseded == 2
    assert searcher.resources() == {"TrainingJob": 2}


def test_a_field_of_the_data_alone_can_be_asked_for() -> None:
    searcher = smsearch.from_records([job("a", CostUSD=5), job("b")])
    found = searcher.search(Resource="TrainingJob", SearchExpression=expression("CostUSD", "GreaterThan", "4.5"))
    assert names(found) == ["a"]
    searcher.remove("a")
    with pytest.raises(UnknownPropertyError):
        searcher.search(Resource="TrainingJob", SearchExpression=expression("CostUSD", "Exists"))


def test_a_text_query_may_hold_a_line_feed() -> None:
    """Row E2: the patterns are the API's."""
    searcher = smsearch.from_records([job("a", FailureReason="one\ntwo")])
    assert list(searcher.query("FailureReason CONTAINS :text", text="e\nt").names()) == ["a"]
    filters = [{"Name": "FailureReason", "Operator": "Contains", "Value": "e\nt"}]
    assert list(searcher.query({"Filters": filters}).names()) == ["a"]
    with pytest.raises(InvalidValueError):
        searcher.search(Resource="TrainingJob", SearchExpression={"Filters": filters})


def test_archived_image_versions_are_shown_by_other_doors() -> None:
    """Row R14: Search cannot find them, but they are in the dump."""
    arn = f"arn:aws:sagemaker:eu-west-1:{HERE}:image-version/i"
    guidance = {1: "ARCHIVED", 2: "STABLE"}
    searcher = smsearch.from_records(
        {"ImageVersion": {"ImageVersionArn": f"{arn}/{version}", "Version": version, "VendorGuidance": said}}
        for version, said in guidance.items()
    )
    body = orjson.dumps({"Resource": "ImageVersion"})
    assert orjson.loads(searcher.search_json(body))["TotalHits"]["Value"] == 1
    assert list(searcher.query("", resource="ImageVersion").names()) == ["1", "2"]
    assert [record.name for record in searcher.describe(f"{arn}/1")] == ["1"]


def test_records_are_counted_without_a_result(searcher: LiveSearcher) -> None:
    assert searcher.count() == len(searcher.query())
    assert searcher.count("status = :status", status="Failed") == len(searcher.query("status = Failed")) > 0
    assert searcher.count("LIMIT 1") == 1


def test_a_facet_of_a_query_is_that_of_its_result(searcher: LiveSearcher) -> None:
    assert searcher.facet("status") == searcher.query().facet("status")
    assert searcher.facet("status", "status = Failed", limit=1) == searcher.query("status = Failed").facet("status", 1)


@pytest.mark.parametrize("ask", [LiveSearcher.query, LiveSearcher.count])
def test_a_warning_names_the_line_that_asks(searcher: LiveSearcher, ask: Callable[..., object]) -> None:
    with pytest.warns(SmsearchWarning) as caught:
        ask(searcher, "Metrics.nobody > 1")
    assert caught[0].filename == __file__


@pytest.mark.parametrize("query", ["ORDER BY name", "ORDER BY name LIMIT 3", "SELECT status, count(*) GROUP BY status"])
@pytest.mark.parametrize("index", [0, -1, slice(2), slice(1, 3), slice(None, None, -1), slice(5, 2), slice(-2, None)])
def test_a_result_is_indexed_as_a_list_is(searcher: LiveSearcher, query: str, index: int | slice) -> None:
    result = searcher.query(query)
    assert result[index] == list(result)[index]


def test_an_index_beyond_the_matches_is_an_error(searcher: LiveSearcher) -> None:
    with pytest.raises(IndexError):
        searcher.query("LIMIT 2")[2]


def test_the_head_is_a_result(searcher: LiveSearcher) -> None:
    result = searcher.query("ORDER BY name")
    assert list(result.head(2)) == result[:2]
    assert len(result.head()) == min(5, len(result))


def test_a_missing_library_is_told_with_what_to_install(
    searcher: LiveSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def import_nothing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("smsearch.frames.data_frames.import_module", import_nothing)
    for library, make_frame in (("pandas", searcher.query().to_pandas), ("polars", searcher.query().to_polars)):
        with pytest.raises(MissingLibraryError, match=f"{library} is not installed") as caught:
            make_frame()
        assert caught.value.hint == f"pip install {library}"


def test_several_columns_are_chosen_without_a_list(searcher: LiveSearcher) -> None:
    table = searcher.query().to_arrow("name AS job", "status")
    assert table.column_names == ["job", "TrainingJobStatus"]
    assert searcher.query().to_arrow(["name AS job"], "status").equals(table)


def _tagged_jobs() -> list[dict[str, Any]]:
    teams = {"a": "nlp", "b": "nlp", "c": "vision"}
    jobs = [job(name, Tags=tagged(team=team), BillableTimeInSeconds=5) for name, team in teams.items()]
    return [*jobs, job("d", Tags=tagged(Cost="7"))]


@pytest.fixture(params=["exports", "store"])
def of_tagged_jobs(request: pytest.FixtureRequest, tmp_path: Path) -> Searcher:
    exports = tmp_path / "jobs.json"
    exports.write_bytes(orjson.dumps(_tagged_jobs()))
    if request.param == "exports":
        return smsearch.open(exports)
    smsearch.build([exports], tmp_path / "jobs.store")
    return smsearch.open(tmp_path / "jobs.store")


def test_schema_counts_the_properties_whose_names_have_a_part(of_tagged_jobs: Searcher) -> None:
    (row,) = of_tagged_jobs.schema("TEAM")
    assert (row.name, row.type, row.records, row.coverage) == ("Tags.team", "text", 3, 0.75)
    assert (row.distinct, row.examples) == (2, ("nlp", "vision"))
    assert repr(row) == "<smsearch.PropertyRow: Tags.team, text, in 3 records>"
    assert of_tagged_jobs.schema("no such part") == ()
    assert {"Tags.Cost", "BillableTimeInSeconds"} <= {row.name for row in of_tagged_jobs.schema()}
    assert of_tagged_jobs.schema(resource="ProcessingJob") == ()
    with pytest.raises(RequestError):
        of_tagged_jobs.schema(resource="NoKind")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('Tags."cost center"', "Tags.cost center"),
        ('tags."cost center"', "Tags.cost center"),
        ("Tags.`cost center`", "Tags.cost center"),
        ("Tags.cost center", "Tags.cost center"),
        ('Tags."a""b"', 'Tags.a"b'),
        ('Tags."x"', 'Tags."x"'),
        ('Tags."""x"""', 'Tags."x"'),
        ("Tags.x", "Tags.x"),
    ],
)
def test_names_are_read_with_quotes_as_in_a_query(written: str, name: str) -> None:
    tags = tagged(**{"cost center": "one", 'a"b': "two", '"x"': "three", "x": "four"})
    jobs = smsearch.from_records([job("a", Tags=tags)])
    value = {f"Tags.{tag['Key']}": tag["Value"] for tag in tags}[name]
    result = jobs.query("")
    assert result.property(written).name == name
    assert [row.value for row in jobs.facet(written).rows] == [value]
    assert result.to_arrow([written]).to_pylist() == [{name: value}]
    assert result.to_arrow(f"{written} AS tag").to_pylist() == [{"tag": value}]
    assert result.unseen([written]) == {}
