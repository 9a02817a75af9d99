"""Each campaign, a hundredth long at most; that one can fail; and that an interrupted one goes on where it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from benchmarks.campaigns import __main__ as command
from benchmarks.campaigns import runner
from benchmarks.campaigns.campaign import BrokenLawError, Campaign, Tried, attempts
from benchmarks.campaigns.catalogue import CAMPAIGNS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda one: one.name)
def test_no_try_breaks_the_law(campaign: Campaign, tmp_path: Path) -> None:
    assert 0 < campaign.tested <= max(campaign.tries // 100, 1)
    tried = list(attempts(campaign, 1, range(campaign.tested), tmp_path))
    assert [one for one in tried if one.problem] == []
    assert len(tried) == campaign.tested


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    assert not any(folder.iterdir())

    def attempt(chance: random.Random) -> float:
        drawn = chance.random()
        if drawn < 0.2:
            raise BrokenLawError("it is small")
        if drawn < 0.3:
            raise KeyError(drawn)
        return drawn

    yield attempt


FAILING = Campaign("failing", "never small", 1_000, 10, _prepare, "points")


def test_what_a_try_raises_is_its_failure_and_its_number_brings_it_back(tmp_path: Path) -> None:
    tried = list(attempts(FAILING, 3, range(50), tmp_path))
    assert {one.problem.partition(":")[0] for one in tried} == {"", "it is small", "KeyError"}
    assert list(attempts(FAILING, 3, [31], tmp_path)) == [tried[31]] or tried[31].problem
    assert [one.problem for one in attempts(FAILING, 4, range(50), tmp_path)] != [one.problem for one in tried]


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def apart(campaign: Campaign, seed: int, begin: int, end: int) -> Iterator[Tried]:
        asked.append(begin)
        folder = tmp_path / f"tries-{begin}"
        folder.mkdir()
        for tried in attempts(campaign, seed, range(begin, end), folder):
            yield tried
            if tried.problem:
                return

    asked: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(runner, "_tried_apart", apart)
        first = runner.run(FAILING, 3, 20, tmp_path / "results", lambda _: None)
        whole = runner.run(FAILING, 3, 50, tmp_path / "results", lambda _: None)
    assert (first.tries, whole.tries) == (20, 50)
    assert 20 in asked
    assert runner.read_tally(runner.results_file(tmp_path / "results", FAILING, 3)) == whole
    (tmp_path / "at-once").mkdir()
    tried = list(attempts(FAILING, 3, range(50), tmp_path / "at-once"))
    assert [one.number for one in whole.failures] == [one.number for one in tried if one.problem]
    assert whole.worst == max(tried, key=lambda one: one.cost)


def test_a_process_that_ends_or_says_nothing_is_a_failure_of_its_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = next(one for one in CAMPAIGNS if one.name == "flipped bytes of an archive")
    monkeypatch.setattr(runner, "TRY_SECONDS_MAX", 0.0)
    monkeypatch.setattr(runner, "FAILURES_MAX", 1)
    said: list[str] = []
    tally = runner.run(campaign, 1, 2, tmp_path, said.append)
    assert [one.number for one in tally.failures] == [0]
    assert "did not end" in said[0]


def test_the_table_says_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--table", "--results", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert all(f"| {one.name} |" in shown for one in CAMPAIGNS)
