"""The comparison of two checkouts."""

from __future__ import annotations

import pytest

from benchmarks.before_after import compare, table


def test_answers_that_differ_end_the_run() -> None:
    compare({"Q1": "a"}, {"Q1": "a"})
    with pytest.raises(SystemExit, match="the answers differ: Q2"):
        compare({"Q1": "a", "Q2": "b"}, {"Q1": "a", "Q2": "c"})


def test_the_slowest_median_stands_first() -> None:
    lines = table({"Q1, response": [0.9, 1.0, 1.4], "Q2, response": [1.1, 1.1, 1.2]}).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["Q2,", "response", "1.10", "(1.10", "to", "1.20)"],
        ["Q1,", "response", "1.00", "(0.90", "to", "1.40)"],
    ]
