"""Work that can wait lets answers go first, and is not kept waiting forever."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from smsearch.page import under_way
from smsearch.page.under_way import GivingWay, UnderWay


def test_a_thread_waits_until_the_last_of_all_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "PATIENCE_SECONDS", 30.0)
    answers, screens, went_on = UnderWay(), UnderWay(), Event()
    give_way = GivingWay(answers, screens)

    def work() -> None:
        give_way()
        went_on.set()

    with ThreadPoolExecutor(1) as threads:
        with screens.one_more():
            with answers.one_more(), answers.one_more():
                waiting = threads.submit(work)
                assert not went_on.wait(0.05)
            assert not went_on.wait(0.05)
        waiting.result(10)
    assert went_on.is_set()


def test_nothing_under_way_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "PATIENCE_SECONDS", 30.0)
    answers = UnderWay()
    with answers.one_more():
        pass
    with pytest.raises(ValueError, match="wrong"), answers.one_more():
        raise ValueError("wrong")
    begun = time.monotonic()
    GivingWay(answers)()
    assert time.monotonic() - begun < 10


def test_after_it_has_waited_in_vain_a_thread_has_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(under_way, "TURN_SECONDS", 30.0)
    answers = UnderWay()
    give_way = GivingWay(answers)
    with answers.one_more():
        give_way()
        monkeypatch.setattr(under_way, "PATIENCE_SECONDS", 30.0)
        begun = time.monotonic()
        give_way()
        assert time.monotonic() - begun < 10
