"""The queries of the benchmark, each said once for every engine.

`request` is what smsearch is asked, in the API's own words; `where` and `column` say the same to SQLite, DuckDB and
Polars over the tables of `engines/`. A page is 100 records, ties by ARN, absent values last. Every engine's answer
is compared before any of them is timed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

PAGE: Final = 100
LAST_PAGE: Final = 10_000
"""The page that is compared with the first; where there are fewer, the last is."""
SHORT: Final = 6
"""Characters at a name's end, of its second and millisecond, that pick out few others: full-text search for all of a
name is slow, since the lists of all its trigrams meet."""

TYPES: Final = (
    *("ml.m5.xlarge", "ml.g4dn.xlarge", "ml.g5.xlarge", "ml.p3.2xlarge", "ml.m5.2xlarge", "ml.c5.2xlarge"),
    *("ml.g5.12xlarge", "ml.m5.large", "ml.g6.xlarge", "ml.m5.12xlarge", "ml.m6i.4xlarge", "ml.c4.4xlarge"),
    *("ml.r5.2xlarge", "ml.m7i.2xlarge", "ml.g4dn.4xlarge", "ml.m6i.xlarge", "ml.c7i.12xlarge", "ml.g5.4xlarge"),
    *("ml.c5.4xlarge", "ml.m5.4xlarge"),
)


def filter_(name: str, operator: str, value: str | None = None) -> dict[str, str]:
    """A Filter of the API."""
    found = {"Name": name, "Operator": operator}
    return found if value is None else {**found, "Value": value}


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


@dataclass(frozen=True, slots=True)
class Query:
    """One question in every engine's words.

    Attributes:
        name: As in the table of results.
        says: What is asked, for a reader.
        request: The Search request, without Resource and MaxResults.
        where: The condition in SQL.
        column: The column to sort by.
        descending: The direction.
        sqlite_where: The condition as SQLite answers it best, where that is another one.
        nested_where: The same for DuckDB with nested columns.
        sparse: Whether there are records without the column to sort by, which stand last.
        counts: Whether the answer is the number of matches alone.
        page: Which page, counted from 1.
    """

    name: str
    says: str
    request: dict[str, Any] = field(default_factory=dict)
    where: str = "true"
    column: str = "modified"
    descending: bool = True
    sqlite_where: str = ""
    nested_where: str = ""
    sparse: bool = False
    counts: bool = False
    page: int = 1


_COMPLETED: Final = filter_("TrainingJobStatus", "Equals", "Completed")
_IN_TYPES: Final = filter_("ResourceConfig.InstanceType", "In", ",".join(TYPES))
_Q4: Final = {
    "SearchExpression": {
        "Filters": [
            filter_("HyperParameters.learning_rate", "LessThan", "0.01"),
            filter_("Tags.team", "Equals", "vision"),
        ]
    },
    "SortBy": "CreationTime",
}
_Q4_WHERE: Final = "learning_rate < 0.01 and team = 'vision'"
_WINDOW: Final = ("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z")
_IN_WINDOW: Final = {
    "SearchExpression": {
        "Filters": [
            filter_("CreationTime", "GreaterThanOrEqualTo", _WINDOW[0]),
            filter_("CreationTime", "LessThan", _WINDOW[1]),
        ]
    }
}
_WINDOW_WHERE: Final = "created >= {} and created < {}".format(
    *(round(datetime.fromisoformat(end).timestamp() * 1_000_000) for end in _WINDOW)
)
_RARE: Final = {"SortBy": "HyperParameters.temperature_floor"}
_CHANNEL: Final = {
    "NestedPropertyName": "InputDataConfig",
    "Filters": [
        filter_("InputDataConfig.ChannelName", "Equals", "train"),
        filter_("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", "cat/data"),
    ],
}


def _all(*filters: dict[str, str]) -> dict[str, Any]:
    return {"SearchExpression": {"Filters": list(filters)}}


def queries(count: int, one_name: str) -> list[Query]:
    """The queries over so many jobs, one of which has this name."""
    deep = 5_000 if count >= 1_000_000 else max(count // 200, 2)
    last = min(LAST_PAGE, count // PAGE)
    completed = "status = 'Completed'"
    return [
        Query("Q1", "all, by LastModifiedTime descending"),
        Query("Q1 late", f"page {last:,} of Q1", page=last),
        Query("Q2", "status = Completed", _all(_COMPLETED), completed),
        Query(
            "Q3",
            "Metrics.accuracy > 0.95, by that metric",
            {**_all(filter_("Metrics.accuracy", "GreaterThan", "0.95")), "SortBy": "Metrics.accuracy"},
            "accuracy > 0.95",
            column="accuracy",
        ),
        Query("Q4", "learning_rate < 0.01 and a tag, by CreationTime", _Q4, _Q4_WHERE, column="created"),
        Query(
            "Q5",
            "one channel: ChannelName = train and S3Uri contains cat/data",
            {"SearchExpression": {"NestedFilters": [_CHANNEL]}},
            "id in (select job from channels where channel = 'train' and contains(uri, 'cat/data'))",
            sqlite_where="exists (select 1 from channels"
            " where job = id and channel = 'train' and instr(uri, 'cat/data'))",
            nested_where="len(list_filter(InputDataConfig, lambda x: x.ChannelName = 'train'"
            " and contains(x.DataSource.S3DataSource.S3Uri, 'cat/data'))) > 0",
        ),
        Query(
            "Q6 rare",
            "name contains quokka (1 in 25,000)",
            _all(filter_("TrainingJobName", "Contains", "quokka")),
            "contains(name, 'quokka')",
            sqlite_where="id in (select rowid from names where names match '\"quokka\"')",
        ),
        Query(
            "Q6 common",
            "name contains xgboost (14 %)",
            _all(filter_("TrainingJobName", "Contains", "xgboost")),
            "contains(name, 'xgboost')",
            sqlite_where="instr(name, 'xgboost')",
        ),
        Query(
            "Q6 one",
            "name contains one job's whole name",
            _all(filter_("TrainingJobName", "Contains", one_name)),
            f"contains(name, '{one_name}')",
            sqlite_where=f"id in (select rowid from names where names match '\"{one_name[-SHORT:]}\"')"
            f" and instr(name, '{one_name}')",
        ),
        Query(
            "Q7",
            "Or of three, one with Contains on FailureReason",
            {
                "SearchExpression": {
                    "Operator": "Or",
                    "Filters": [
                        filter_("FailureReason", "Contains", "Artifact upload"),
                        filter_("TrainingJobStatus", "Equals", "Stopping"),
                        filter_("Metrics.accuracy", "GreaterThan", "0.99"),
                    ],
                }
            },
            "contains(failure, 'Artifact upload') or status = 'Stopping' or accuracy > 0.99",
            sqlite_where="instr(failure, 'Artifact upload') or status = 'Stopping' or accuracy > 0.99",
        ),
        Query("Q8", "In over 20 instance types", _all(_IN_TYPES), f"instance in ({_quoted(TYPES)})"),
        Query("Q9", f"page {deep:,} of Q2", _all(_COMPLETED), completed, page=deep),
        Query(
            "Q10 tag",
            "nothing: an unknown tag value",
            _all(filter_("Tags.team", "Equals", "nobody")),
            "team = 'nobody'",
        ),
        Query(
            "Q10 never",
            "nothing: two common filters that never meet",
            _all(_COMPLETED, filter_("SecondaryStatus", "Equals", "Failed")),
            f"{completed} and secondary = 'Failed'",
        ),
        Query(
            "Q11 types",
            "count: status and 20 instance types",
            _all(_COMPLETED, _IN_TYPES),
            f"{completed} and instance in ({_quoted(TYPES)})",
            counts=True,
        ),
        Query("Q11 Q4", "count of Q4", _Q4, _Q4_WHERE, counts=True),
        Query(
            "Q12",
            "status, sorted by a rare hyperparameter",
            {**_all(_COMPLETED), "SortBy": "HyperParameters.temperature_floor"},
            completed,
            column="temperature_floor",
            sparse=True,
        ),
        Query("Q13", "all, sorted by that hyperparameter", _RARE, column="temperature_floor", sparse=True),
        Query("Q13 late", f"page {last:,} of Q13", _RARE, column="temperature_floor", sparse=True, page=last),
        Query("Q14", "created in one month of 24, by LastModifiedTime", _IN_WINDOW, _WINDOW_WHERE),
        Query(
            "Q14 created",
            "the same, by CreationTime",
            {**_IN_WINDOW, "SortBy": "CreationTime"},
            _WINDOW_WHERE,
            column="created",
        ),
    ]
