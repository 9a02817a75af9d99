"""The browser's script for figures: kept where it is, or made in a thread of its own while screens show tables."""

from __future__ import annotations

import hashlib
import threading
from enum import StrEnum

from smsearch.errors import MissingLibraryError
from smsearch.plots.browser_script import browser_script, kept_script


class ScriptState(StrEnum):
    """Whether figures can be drawn."""

    READY = "ready"
    BEING_MADE = "being made"
    MISSING = "missing"
    """The extra `plots` is not installed."""


class FigureScript:
    """The script of one server.

    Attributes:
        content: The script, once it is there.
        mark: The ETag of the script; `""` before.
    """

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.mark = ""
        self._maker: threading.Thread | None = None
        self._lock = threading.Lock()

    def state(self) -> ScriptState:
        """Whether it is there; if it is not, it is being made from now on."""
        with self._lock:
            if self.content is not None:
                return ScriptState.READY
            try:
                script = kept_script()
            except MissingLibraryError:
                return ScriptState.MISSING
            if script is not None:
                self._take(script)
                return ScriptState.READY
            if self._maker is None or not self._maker.is_alive():
                self._maker = threading.Thread(target=self._make, name="figure script", daemon=True)
                self._maker.start()
            return ScriptState.BEING_MADE

    def _make(self) -> None:
        self._take(browser_script())

    def _take(self, script: bytes) -> None:
        self.mark = f'"{hashlib.sha256(script).hexdigest()[:16]}"'
        self.content = script
