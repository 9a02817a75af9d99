"""The line of progress: what it shows, when it is drawn, and that nothing of it stays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from smsearch.cli import progress
from smsearch.cli.progress import Bar, RecordsBar

if TYPE_CHECKING:
    from collections.abc import Callable

ERASE = "\r\x1b[2K"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock, which stands at 100 seconds; the terminal has 100 columns."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_terminal_width", lambda: 100)

    def set_to(seconds: float) -> None:
        monkeypatch.setattr("smsearch.cli.progress.time.monotonic", lambda: 100 + seconds)

    set_to(0)
    return set_to


def test_bytes_have_a_bar_a_rate_and_the_time_left(
    at: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with Bar(is_shown=True) as bar:
        at(0.4)
        bar(1_000_000, 8_000_000)
        assert capsys.readouterr().err == "", "the work may be over before anybody wonders"
        at(2)
        bar(2_000_000, 8_000_000)
        full, empty = ("━", "─") if "utf" in (sys.stderr.encoding or "").lower() else ("#", "-")
        assert capsys.readouterr().err == f"{ERASE}reading {full * 10}{empty * 30} 2.0/8.0 MB 1.0 MB/s 0:00:06"
        at(2.05)
        bar(2_100_000, 8_000_000)
        assert capsys.readouterr().err == "", "a terminal is not drawn on at every call"
        bar.written(1, 4_000)
        assert "writing" in capsys.readouterr().err
    assert capsys.readouterr().err == ERASE
    at(9)
    bar(8_000_000, 8_000_000)
    assert capsys.readouterr().err == "", "a thread that is late draws nothing"


def test_without_a_total_there_is_neither_a_bar_nor_a_time_left(
    at: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with Bar(is_shown=True) as bar, RecordsBar(is_shown=True) as records:
        at(4)
        bar(2_000, 0)
        records("Endpoint", 2_000, None)
        records("Model", 3_000, 2_000)
    assert capsys.readouterr().err.split(ERASE)[1:3] == ["reading 2.0 kB 500.0 bytes/s", "Endpoint 2,000 500/s"]


@pytest.mark.parametrize(("is_shown", "term"), [(False, "xterm"), (True, "dumb")])
def test_nothing_is_drawn_where_nobody_would_see_it(
    at: Callable[[float], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    term: str,
    *,
    is_shown: bool,
) -> None:
    monkeypatch.setenv("TERM", term)
    with Bar(is_shown=is_shown) as bar:
        at(2)
        bar(1, 2)
    assert capsys.readouterr().err == ""


def test_a_narrow_terminal_gets_no_second_line(
    at: Callable[[float], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_terminal_width", lambda: 20)
    with Bar(is_shown=True) as bar:
        at(2)
        bar(1, 2)
    assert len(capsys.readouterr().err.split(ERASE)[1]) == 19
