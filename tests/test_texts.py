"""What texts find, in every engine: the definition of correct for what no request can say (rows T of semantics.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.errors import InvalidValueError, LimitExceededError, RequestError, TextSyntaxError
from smsearch.syntax.text.formatter import format_query
from smsearch.syntax.text.parser import parse
from tests.columnar.test_against_live import engines

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher


def job(name: str, **members: object) -> dict[str, Any]:
    return {"TrainingJobName": name, **members}


def channel(name: str, content: str | None = None) -> dict[str, Any]:
    return {"ChannelName": name} | ({} if content is None else {"ContentType": content})


JOBS = [
    job(
        "a",
        BillableTimeInSeconds=10,
        FailureReason="Out of memory",
        Tags=[{"Key": "n", "Value": "9"}],
        InputDataConfig=[channel("train", "text/csv"), channel("test")],
    ),
    job(
        "b",
        BillableTimeInSeconds=5,
        FailureReason="100% full_disk",
        Tags=[{"Key": "n", "Value": "10"}],
        InputDataConfig=[channel("train", "x-parquet")],
    ),
    job("c", BillableTimeInSeconds="NaN", Tags=[{"Key": "n", "Value": "x"}], InputDataConfig=[channel("test", "csv")]),
    job("d", FailureReason=""),
]

BEYOND = [
    ("FailureReason CONTAINS o AND FailureReason CONTAINS 'mem'", "a"),
    ("NOT FailureReason CONTAINS o", "bcd"),
    ("FailureReason NOT CONTAINS 'u' AND FailureReason EXISTS", "d"),
    ("NOT BillableTimeInSeconds < 7", "acd"),
    ("BillableTimeInSeconds NOT BETWEEN 6 AND 20", "bcd"),
    ("NOT (BillableTimeInSeconds >= 5 AND FailureReason CONTAINS u)", "cd"),
    ("NOT InputDataConfig[ChannelName = train]", "cd"),
    ("NOT InputDataConfig[ChannelName = train AND ContentType CONTAINS csv]", "bcd"),
    ("InputDataConfig[ChannelName = train AND NOT ContentType CONTAINS csv]", "b"),
    ("InputDataConfig[NOT ContentType CONTAINS csv]", "ab"),
    ("InputDataConfig[ContentType NOT CONTAINS csv OR ChannelName = test]", "abc"),
    ("NOT InputDataConfig[NOT ContentType CONTAINS csv]", "cd"),
    ("NOT InputDataConfig.ContentType CONTAINS csv", "bd"),
    ("Tags.n > 9.5", "b"),
    ("NOT Tags.n > 9.5", "acd"),
    ("Tags.n NOT IN (9, x)", "bd"),
    ("FailureReason LIKE 'Out%'", "a"),
    ("FailureReason LIKE '%memory'", "a"),
    ("FailureReason LIKE '%o%m%y'", "a"),
    (r"FailureReason LIKE '1%\%%'", "b"),
    (r"FailureReason LIKE '%l\_d_sk'", "b"),
    ("FailureReason LIKE '_ut of memory'", "a"),
    ("FailureReason NOT LIKE 'Out%'", "bcd"),
    ("FailureReason ILIKE '%OUT%' AND name LIKE 'a'", "a"),
    ("FailureReason NOT ILIKE '%U%'", "cd"),
    ("FailureReason ILIKE 'out_of%'", "a"),
    ("Tags.n LIKE '1_'", "b"),
    ("Tags.n IN (' 9', '1,5', 10)", "b"),
    ("InputDataConfig[ContentType LIKE '%csv' AND NOT ChannelName LIKE 'tr%']", "c"),
]
"""Texts that say more than a request can, each with the jobs that it finds."""


def spans(*starts_and_ends: tuple[object, object]) -> list[dict[str, object]]:
    return [{"Status": "Training", "StartTime": start, "EndTime": end} for start, end in starts_and_ends]


def metrics(**values: object) -> list[dict[str, object]]:
    return [{"MetricName": name, "Value": value} for name, value in values.items()]


PAIRED_JOBS = [
    job(
        "a",
        BillableTimeInSeconds=60,
        TrainingTimeInSeconds=60,
        CreationTime="2024-01-01T00:00:00Z",
        TrainingEndTime="2024-01-01T02:00:00Z",
        FinalMetricDataList=metrics(x=0.1, y="0.10000000000000000001"),
        SecondaryStatusTransitions=spans(("2024-01-01T00:00:00Z", "2024-01-01T00:30:00Z")),
    ),
    job(
        "b",
        BillableTimeInSeconds=9_007_199_254_740_993,
        TrainingTimeInSeconds=9_007_199_254_740_992.0,
        CreationTime="2024-01-01T02:00:00.000001Z",
        TrainingEndTime="2024-01-01T02:00:00Z",
        FinalMetricDataList=metrics(x=2, y=1.5),
        SecondaryStatusTransitions=spans(
            ("2024-01-01T00:00:00Z", "2024-01-01T02:00:00Z"), ("2024-01-01T02:00:00Z", "2024-01-01T02:01:00Z")
        ),
    ),
    job(
        "c",
        BillableTimeInSeconds="NaN",
        TrainingTimeInSeconds=5,
        CreationTime="2024-01-01T00:00:00Z",
        TrainingEndTime="soon",
        FinalMetricDataList=metrics(x="Infinity", y=1e308),
    ),
    job("d", BillableTimeInSeconds=50, CreationTime="2024-01-01T00:00:00Z", FinalMetricDataList=metrics(y=1)),
    job("e", BillableTimeInSeconds=50, TrainingTimeInSeconds=70, TrainingEndTime="2024-01-01T00:00:00Z"),
]
PAIRS = [
    ("BillableTimeInSeconds = TrainingTimeInSeconds", "a"),
    ("BillableTimeInSeconds = `TrainingTimeInSeconds`", "a"),
    ("BillableTimeInSeconds != TrainingTimeInSeconds", "bcde"),
    ("BillableTimeInSeconds > TrainingTimeInSeconds", "b"),
    ("BillableTimeInSeconds >= billable_time_in_seconds", "abde"),
    ("NOT BillableTimeInSeconds > TrainingTimeInSeconds", "acde"),
    ("BillableTimeInSeconds < TrainingTimeInSeconds AND BillableTimeInSeconds = 50", "e"),
    ("Metrics.x < Metrics.y", "a"),
    ("Metrics.x > Metrics.y OR Metrics.y > BillableTimeInSeconds", "bc"),
    ('Metrics.x >= Metrics."y"', "bc"),
    ("end_time > created", "a"),
    ("end_time < created", "b"),
    ("end_time < `created`", "b"),
    ("end_time - created >= 2h", "a"),
    ("end_time - created > 2h", ""),
    ("end_time - created < 90m", "b"),
    ("end_time - created = '-0.000001'", "b"),
    ("end_time - created != 7200", "bcde"),
    ("NOT end_time - created < 1h30m", "acde"),
    ("end_time - created BETWEEN 90m AND 2h", "a"),
    ("end_time - created NOT BETWEEN 2h AND 3h AND name != c", "bde"),
    ("SecondaryStatusTransitions[EndTime - StartTime > 1h AND Status = Training]", "b"),
    ("SecondaryStatusTransitions[EndTime > StartTime AND EndTime - StartTime < 1h]", "ab"),
    ("SecondaryStatusTransitions[NOT EndTime - StartTime > 1h]", "ab"),
    ("NOT SecondaryStatusTransitions[EndTime - StartTime < :most]", "cde"),
    ("DurationInSeconds > QueuedInSeconds OR DurationInSeconds = TrainingTimeInSeconds", ""),
]
"""Comparisons of two properties, each with the jobs that it finds (row T6)."""


@pytest.mark.parametrize(("text", "names"), PAIRS)
def test_two_properties_compare_alike_in_every_engine(tmp_path: Path, text: str, names: str) -> None:
    parameters = {"most": "1h"} if ":most" in text else {}
    for searcher in engines(tmp_path, PAIRED_JOBS, [2, 4]).values():
        result = searcher.query(f"{text} ORDER BY name", parameters)
        assert "".join(result.names()) == names
        assert len(result) == result.diagnose().matches == len(names)
        for each in PAIRED_JOBS:
            (why,) = result.why(each["TrainingJobName"])
            assert why.is_match is (each["TrainingJobName"] in names)
        assert "refused   " in result.explain()
        again = searcher.query(format_query(result.query))
        assert again.query == result.query
        with pytest.raises(RequestError):
            searcher.query(text, parameters, strict=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = `created`", "which is text, does not compare with CreationTime"),
        ("BillableTimeInSeconds > created", "which is an integer, does not compare with CreationTime"),
        ("BillableTimeInSeconds > 'TrainingTimeInSeconds'", "is not a number"),
        ("BillableTimeInSeconds > no_property", "'no_property' of BillableTimeInSeconds is not a number"),
        ("BillableTimeInSeconds - TrainingTimeInSeconds > 5", "is no difference of two times"),
        ("created - end_time > soon", "'soon' is none"),
        ("created - end_time > 1e30", "'1e30' is none"),
        ("created - end_time > 0.0000001", "is finer"),
        ("created - end_time > 1e-99999999999", "is finer"),
        (f"created - end_time > 1.{'0' * 40}1", "is finer"),
        ("created > `SecondaryStatusTransitions.EndTime`", "several values of SecondaryStatusTransitions.EndTime"),
        ("created > `no_property`", "no_property"),
    ],
)
def test_only_two_numbers_or_two_times_compare(text: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        smsearch.from_records(PAIRED_JOBS).query(text)


def test_a_bare_word_is_no_property_where_it_can_be_a_value() -> None:
    jobs = [job("a", FailureReason="TrainingJobName"), job("TrainingJobName", FailureReason="x")]
    assert list(smsearch.from_records(jobs).query("FailureReason = TrainingJobName").names()) == ["a"]


def test_why_tells_both_values() -> None:
    (why,) = smsearch.from_records(PAIRED_JOBS).query("end_time - created > 90m").why("a")
    end, created = "'2024-01-01T02:00:00Z', text compared as time", "'2024-01-01T00:00:00Z', text compared as time"
    assert f"TrainingEndTime - CreationTime > '90m': {end}; {created}" in str(why)


@pytest.mark.parametrize("text", ["Tags.n > 9.5", "NOT Tags.n <= 9.5 AND status = x", "Tags.n > 9.5 OR name = x"])
def test_explain_names_the_rule_by_which_texts_compare_as_numbers(text: str) -> None:
    jobs = smsearch.from_records(JOBS)
    assert "texts that spell a number compare as that number, others not (F14b)" in jobs.query(text).explain()
    assert "(F14b)" not in jobs.query("HyperParameters.n > 9.5 AND Tags.n = 9").explain()


def test_a_text_has_any_number_of_conditions_unless_it_is_strict(tmp_path: Path) -> None:
    text = " OR ".join(f"BillableTimeInSeconds = {seconds}" for seconds in range(60))
    within = " OR ".join(f"ChannelName = '{number}'" for number in range(30))
    for searcher in engines(tmp_path, JOBS, [1, 3]).values():
        result = searcher.query(f"{text} ORDER BY name")
        assert list(result.names()) == ["a", "b"]
        assert "limits    62 of 50 conditions" in result.explain()
        assert "refused   SearchExpression: The expression holds more than 50 conditions." in result.explain()
        assert list(searcher.query(f"InputDataConfig[{within} OR ContentType = csv]").names()) == ["c"]
        for refused in (text, f"InputDataConfig[{within}]"):
            with pytest.raises(LimitExceededError):
                searcher.query(refused, strict=True)


ORDERED_JOBS = [
    job(name, TrainingJobStatus=status, BillableTimeInSeconds=seconds)
    for name, status, seconds in (
        ("a", "Failed", 2),
        ("b", None, 1),
        ("c", "Completed", None),
        ("d", "Failed", 2.0),
        ("e", "Completed", 7),
        ("f", None, None),
        ("g", "Failed", 10),
        ("h", "Completed", 1),
    )
]
ORDERS = [
    ("ORDER BY TrainingJobStatus, BillableTimeInSeconds DESC", "ehcgadbf"),
    ("ORDER BY TrainingJobStatus DESC, BillableTimeInSeconds", "adghecbf"),
    ("ORDER BY BillableTimeInSeconds, TrainingJobStatus DESC", "hbadegcf"),
    ("ORDER BY BillableTimeInSeconds DESC, status, name DESC", "gedahbcf"),
    ("SELECT status, BillableTimeInSeconds ORDER BY 1, 2 DESC", "ehcgadbf"),
    ("WHERE BillableTimeInSeconds > 1 ORDER BY status DESC, name DESC LIMIT 3", "gda"),
]
"""Orders by several keys; ties by name, and what is absent comes last under each key."""


@pytest.mark.parametrize(("text", "names"), ORDERS)
def test_several_keys_order_alike_in_every_engine(tmp_path: Path, text: str, names: str) -> None:
    for searcher in engines(tmp_path, ORDERED_JOBS, [3, 6]).values():
        result = searcher.query(text)
        assert "".join(result.names()) == names
        assert "".join(result.to_arrow(["TrainingJobName"])["TrainingJobName"].to_pylist()) == names
        with pytest.raises(TextSyntaxError, match="sorts by one property only"):
            searcher.query(text, strict=True)


def days(*names_and_times: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [
        job(name, CreationTime=time, TrainingTimeInSeconds=5_400, InputDataConfig=[channel("x")])
        for name, time in names_and_times
    ]


TIMES = days(
    ("a", "2023-12-31T23:59:59.999999Z"),
    ("b", "2024-01-01T00:00:00Z"),
    ("c", "2024-02-29T12:00:00Z"),
    ("d", "2024-03-01T00:00:00Z"),
    ("e", "2025-01-01T00:00:00Z"),
    ("f", None),
    ("g", "soon"),
)
PERIODS = [
    ("created = '2024'", "bcd"),
    ("created != '2024'", "aefg"),
    ("NOT created = '2024'", "aefg"),
    ("created > '2024'", "e"),
    ("created >= '2024'", "bcde"),
    ("created < '2024'", "a"),
    ("created <= '2024'", "abcd"),
    ("created = 2024", "bcd"),
    ("created = '2024-02' OR created = '2023-12'", "ac"),
    ("created > '2024-02'", "de"),
    ("created BETWEEN '2024-01' AND '2024-02'", "bc"),
    ("created NOT BETWEEN '2024-01' AND '2024-02'", "adefg"),
    ("created > '2024-01-01'", "cde"),
    ("created = '2024' AND name != c", "bd"),
    ("created IN ('2024-02', '2025') OR created IN ('2023-12')", "ace"),
    ("created IN ('2024', '2024-01-01') AND TrainingTimeInSeconds IN (90m, 1) AND name != b", "cd"),
    ("created NOT IN ('2024', '2023')", "efg"),
    ("created <= '9999' AND created < '9999-12' AND created != '9999'", "abcde"),
    ("created > '9999' OR created = '9999' OR created > '9999-12'", ""),
    ("created >= 1704067200", "bcde"),
    ("created = 1704067200000", "b"),
    ("TrainingTimeInSeconds = 90m AND created = '2024'", "bcd"),
    ("TrainingTimeInSeconds < 1h30m", ""),
    ("TrainingTimeInSeconds >= 1.5h AND created < now() - 1w AND created < now()", "abcde"),
]
"""Times and durations as people say them, each with the jobs that it finds."""


@pytest.mark.parametrize(("text", "names"), PERIODS)
def test_periods_and_durations_mean_the_same_in_every_engine(tmp_path: Path, text: str, names: str) -> None:
    for searcher in engines(tmp_path, TIMES, [2, 4]).values():
        result = searcher.query(f"{text} ORDER BY name")
        assert "".join(result.names()) == names
        if "created !=" in text or "NOT" in text:
            with pytest.raises(RequestError):
                searcher.query(text, strict=True)
        else:
            assert "".join(searcher.query(f"{text} ORDER BY name", strict=True).names()) == names
            assert "refused" not in result.explain()


def test_a_time_before_now_is_better_written_with_ago() -> None:
    searcher = smsearch.from_records(TIMES)
    result = searcher.query("created > '-10000d' ORDER BY name")
    assert "".join(result.names()) == "abcde"
    assert result.query.notes == ("'-10000d' was read as ago(10000d), which is better written so",)


@pytest.mark.parametrize("value", ["2024-13", "0000", "10000", "24", "202406", "2h", "7d ago"])
def test_what_is_no_time_is_refused(value: str) -> None:
    with pytest.raises(InvalidValueError, match="is not a timestamp"):
        smsearch.from_records(TIMES).query(f"created > '{value}'")


def test_json_has_no_periods_and_no_durations() -> None:
    searcher = smsearch.from_records(TIMES)
    for name, value in (("CreationTime", "2024"), ("TrainingTimeInSeconds", "90m")):
        with pytest.raises(InvalidValueError):
            searcher.query({"Filters": [{"Name": name, "Operator": "GreaterThan", "Value": value}]})


def test_a_period_of_one_element() -> None:
    metrics = [{"MetricName": "loss", "Value": 1, "Timestamp": time} for time in ("2023-06-01", "2025-06-01")]
    searcher = smsearch.from_records([job("a", FinalMetricDataList=metrics)])
    assert len(searcher.query("FinalMetricDataList[Timestamp = '2023']")) == 1
    assert len(searcher.query("FinalMetricDataList[Timestamp = '2024']")) == 0
    assert len(searcher.query("FinalMetricDataList[Timestamp != '2024' AND MetricName = loss]")) == 1
    with pytest.raises(InvalidValueError, match="several values"):
        searcher.query("FinalMetricDataList.Timestamp = '2024'")


def test_as_names_columns_in_every_engine(tmp_path: Path) -> None:
    for searcher in engines(tmp_path, JOBS, [1, 3]).values():
        result = searcher.query(
            'SELECT name AS job, Tags.n AS "the n", BillableTimeInSeconds ORDER BY job DESC LIMIT 2'
        )
        assert result.to_arrow().column_names == ["job", "the n", "BillableTimeInSeconds"]
        assert result.to_arrow()["job"].to_pylist() == ["d", "c"]
        assert result.to_arrow(["Tags.n AS n", "name"]).column_names == ["n", "TrainingJobName"]
        assert result.to_arrow('Tags.n as "an n"').column_names == ["an n"]
        with pytest.raises(InvalidValueError, match="2 columns are called x"):
            result.to_arrow(["Tags.n AS x", "name AS x"])


def test_distinct_keeps_the_first_of_equal_rows_in_every_engine(tmp_path: Path) -> None:
    for searcher in engines(tmp_path, ORDERED_JOBS, [3, 6]).values():
        result = searcher.query("SELECT DISTINCT status ORDER BY name")
        assert "".join(result.names()) == "abc"
        assert len(result) == 3
        assert result.total == len(ORDERED_JOBS)
        assert result.to_arrow()["TrainingJobStatus"].to_pylist() == ["Failed", None, "Completed"]
        assert len(searcher.query("SELECT DISTINCT status, BillableTimeInSeconds LIMIT 2")) == 2
        assert "".join(searcher.query("SELECT DISTINCT TrainingJobSt* ORDER BY name").names()) == "abc"
        assert len(searcher.query("SELECT DISTINCT *")) == len(ORDERED_JOBS)
        assert [record.name for record in result.between(1, 9)] == ["b", "c"]
        with pytest.raises(TextSyntaxError, match="records back whole"):
            searcher.query("SELECT DISTINCT status", strict=True)


@pytest.mark.parametrize(
    "text",
    ["SELECT DISTINCT a, b AS c", 'SELECT a AS b, "c d" AS "e f"', "SELECT a, b AS c ORDER BY c ASC LIMIT 3"],
)
def test_headings_read_back(text: str) -> None:
    assert parse(format_query(parse(text))) == parse(text)


@pytest.mark.parametrize(
    "text", ["ORDER BY 1", "SELECT status ORDER BY 2", "SELECT status ORDER BY 0", "SELECT M.* ORDER BY 1"]
)
def test_a_number_must_be_the_place_of_a_column(text: str) -> None:
    with pytest.raises(TextSyntaxError, match="no column"):
        parse(text)


@pytest.fixture(scope="module")
def searchers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Searcher]:
    return engines(tmp_path_factory.mktemp("texts"), JOBS, [1, 3])


@pytest.mark.parametrize("engine", ["live", "store", "added"])
@pytest.mark.parametrize(("text", "found"), BEYOND)
def test_a_text_finds_the_same_in_every_engine(
    searchers: dict[str, Searcher], engine: str, text: str, found: str
) -> None:
    result = searchers[engine].query(f"{text} ORDER BY name")
    assert "".join(result.names()) == found
    assert len(result) == result.diagnose().matches == len(found)
    for each in JOBS:
        (why,) = result.why(each["TrainingJobName"])
        assert why.is_match is (each["TrainingJobName"] in found)
    assert "refused   " in result.explain()


@pytest.mark.parametrize("text", [text for text, _ in BEYOND])
def test_what_no_request_can_say_is_refused_strictly(searchers: dict[str, Searcher], text: str) -> None:
    with pytest.raises(RequestError):
        searchers["live"].query(text, strict=True)
