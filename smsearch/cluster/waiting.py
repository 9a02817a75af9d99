"""Says once what Spark is waited for, where it takes long and gives no sign of life.

It knows no session: whoever waits gives a function that says what is missing.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTICE_SECONDS: Final = 15.0
_LOG: Final = logging.getLogger(__name__)


@contextmanager
def notice_of_waiting(
    missing: Callable[[], str | None], notify: Callable[[str], None] = _LOG.warning
) -> Iterator[None]:
    """While active: looks every `NOTICE_SECONDS` whether something is missing, and gives one notice of it.

    Args:
        missing: Says what is waited for, or None while Spark is at work. It is called from another thread.
        notify: Takes the notice; left out, it is logged as a warning, which Python writes to standard error.
    """
    has_ended = threading.Event()

    def watch() -> None:
        while not has_ended.wait(NOTICE_SECONDS):
            message = missing()
            if message is not None and not has_ended.is_set():
                notify(message)
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        has_ended.set()
