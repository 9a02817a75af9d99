"""Links that change a query: what they add holds of all that is found, and nothing else is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsearch.page.query_text import OR, joined, ordered, read_query

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

QUERIES = [
    "",
    "TrainingJobStatus = Failed",
    "TrainingJobStatus = Failed OR TrainingJobName CONTAINS 'bert'",
    "TrainingJobStatus = Completed AND (Tags.team = nlp OR Tags.team = vision)",
    "(Tags.team = nlp AND TrainingJobStatus = Failed) OR HyperParameters.\"batch size\" = 'x OR y AND z'",
    "InputDataConfig[ChannelName = 'train' AND ContentType = 'text/csv'] OR FailureReason EXISTS",
    "TrainingJobStatus IN (Failed, Stopped)",
    "NOT (TrainingJobName CONTAINS bert AND Tags.team = nlp)",
]


def names(searcher: Searcher, text: str) -> set[str]:
    return set(searcher.query(text, resource="TrainingJob").names())


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("condition", ["Tags.team = nlp", "Metrics.accuracy >= 0.5 AND Metrics.accuracy < 0.9"])
def test_a_condition_more_means_both_or_either(searcher: Searcher, text: str, condition: str) -> None:
    before, added = names(searcher, text), names(searcher, condition)
    query = read_query(text)
    assert added
    assert names(searcher, query.with_condition(condition)) == before & added
    either = names(searcher, query.with_condition(condition, OR))
    assert either == (before | added if text else added)


def test_the_other_clauses_stay() -> None:
    query = read_query("SELECT TrainingJobName FROM TrainingJob WHERE a = 1 ORDER BY b LIMIT 3")
    expected = "SELECT TrainingJobName FROM TrainingJob WHERE a = 1 AND c = 2 ORDER BY b ASC LIMIT 3"
    assert query.with_condition("c = 2") == expected
    assert query.with_conditions("") == "SELECT TrainingJobName FROM TrainingJob ORDER BY b ASC LIMIT 3"
    assert ordered("a = 1 LIMIT 2", "-Metrics.x") == "a = 1 ORDER BY Metrics.x DESC LIMIT 2"


def test_conditions_that_must_all_hold_keep_their_brackets() -> None:
    assert joined(["a = 1", "b = 2 OR c = 3", "d = 'x OR y'"]) == "a = 1 AND (b = 2 OR c = 3) AND d = 'x OR y'"
    assert joined([]) == ""
