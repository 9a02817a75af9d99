"""The campaign itself, a few datasets long, and a proof that it can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsearch.columnar.engine import ColumnarEngine
from tests.long.campaign import DisagreementError, ask, draw
from tests.properties.strategies import property_filters

if TYPE_CHECKING:
    from smsearch.engine.page import Page


@pytest.mark.parametrize("seed", [1, 7])
def test_every_door_gives_the_references_answer(seed: int) -> None:
    assert ask(seed, expressions=100) >= 300


def test_a_seed_draws_the_same_again() -> None:
    strategy = property_filters("TrainingJob")
    assert draw(strategy, 30, 5) == draw(strategy, 30, 5)
    assert draw(strategy, 30, 5) != draw(strategy, 30, 6)


def test_a_wrong_answer_is_told_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = ColumnarEngine.page

    def one_too_few(self: ColumnarEngine, *asked: object) -> Page:
        page = right(self, *asked)  # type: ignore[arg-type]
        return type(page)(page.records[1:], page.next_cursor, page.total, page.stored)

    monkeypatch.setattr(ColumnarEngine, "page", one_too_few)
    with pytest.raises(DisagreementError, match="seed 1, "):
        ask(1, expressions=100)
