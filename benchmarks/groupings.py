"""The groupings of the benchmark, each said once for every engine.

`text` is what smsearch is asked, `sql` what the others are over the tables of `engines/`; Polars, whose SQL has no
`arg_max`, is asked with expressions. Rows are compared in any order before any engine is timed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Rows = list[tuple[Any, ...]]
"""A row a group: its keys, then what was asked of it. A month is `2024-05`."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """One grouping in every engine's words.

    Attributes:
        name: As in the table of results.
        says: What is asked, for a reader.
        text: The query of smsearch.
        sql: The statement for DuckDB.
        sqlite: The statement for SQLite, where it is another one.
        picks_job: Whether the last column names a job that has the value before it. Several may have it, and SQL picks
            any of them, so that engines agree on the value and each job is looked up in the dump.
    """

    name: str
    says: str
    text: str
    sql: str
    sqlite: str = ""
    picks_job: bool = False


GROUPINGS: Final = (
    Grouping(
        "G1 status, type",
        "jobs by status and instance type",
        "SELECT TrainingJobStatus, ResourceConfig.InstanceType, count(*) GROUP BY 1, 2",
        "select status, instance, count(*) from jobs group by status, instance",
    ),
    Grouping(
        "G2 month",
        "jobs by the month of their creation",
        "SELECT month(CreationTime), count(*) GROUP BY 1",
        "select strftime(month, '%Y-%m'), count from (select date_trunc('month', make_timestamp(created)) as month,"
        " count(*) as count from jobs group by month)",
        "select strftime('%Y-%m', created / 1000000, 'unixepoch') as month, count(*) from jobs group by month",
    ),
    Grouping(
        "G3 best of team",
        "the largest accuracy of each team, and its job",
        "SELECT Tags.team, best(Metrics.accuracy) GROUP BY 1",
        "select team, max(accuracy), arg_max(name, accuracy) from jobs group by team",
        "select team, max(accuracy), iif(max(accuracy) is null, null, name) from jobs group by +team",
        picks_job=True,
    ),
    Grouping(
        "G4 sum, filtered",
        "billable seconds of completed jobs by instance type",
        "SELECT ResourceConfig.InstanceType, sum(BillableTimeInSeconds) WHERE TrainingJobStatus = Completed GROUP BY 1",
        "select instance, sum(seconds) from jobs where status = 'Completed' group by instance",
    ),
)
