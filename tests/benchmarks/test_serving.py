"""The load on the endpoint, for a moment: callers page through what is served, and a wrong page ends the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import serving

if TYPE_CHECKING:
    from pathlib import Path


def test_callers_check_each_page_that_is_served(tmp_path: Path) -> None:
    asked = ["500", "--seconds", "0.5", "--callers", "4", "--processes", "1", "--folder", str(tmp_path)]
    found = serving.run(serving.arguments_of([*asked, "--without-moto"]))
    assert found["smsearch"]["requests"] >= 4
    assert found["smsearch"]["records_per_second"] > 0
    assert len(found["smsearch"]["memory_mb"]["VmRSS"]) >= 1


def test_a_wrong_page_ends_the_run() -> None:
    class Client:
        def search(self, **_: object) -> dict[str, object]:
            return {"Results": [{"TrainingJob": {"TrainingJobName": "b"}}], "TotalHits": {"Value": 1}}

    with pytest.raises(ValueError, match="all: the page at 0 is wrong"):
        serving.page_through(Client(), "all", ["a"], 0.0, serving.Outcome())
