"""What the entry point does with signals; `test_process.py` has what a whole process does."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from smsearch.cli import main
from smsearch.cli.failures import Terminated

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    """The handlers that the command installs, for one test."""
    before = {number: signal.getsignal(number) for number in NUMBERS}
    signal.signal(signal.SIGINT, main._stop)  # noqa: SLF001
    signal.signal(signal.SIGTERM, main._stop)  # noqa: SLF001
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class ExtensionFileLoader:
    """Stands for importlib's loader of extensions: code that is written in C runs between its frame and ours."""

    def __init__(self) -> None:
        self.is_loaded = False

    def exec_module(self, number: signal.Signals) -> None:
        """Is sent a signal while it loads."""
        os.kill(os.getpid(), number)
        time.sleep(0.05)
        self.is_loaded = True


@pytest.mark.parametrize(("number", "end"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_a_signal_waits_until_an_extension_is_loaded(number: signal.Signals, end: type[BaseException]) -> None:
    loader = ExtensionFileLoader()
    with pytest.raises(end) as raised:  # noqa: PT012 - it is raised some time after the extension is loaded
        loader.exec_module(number)
        assert loader.is_loaded
        time.sleep(10)
    assert raised.type is end
    assert loader.is_loaded


@pytest.mark.parametrize(("number", "end"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_a_signal_ends_anything_else_at_once(number: signal.Signals, end: type[BaseException]) -> None:
    with pytest.raises(end) as raised:
        os.kill(os.getpid(), number)
    assert raised.type is end
