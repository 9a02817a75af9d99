"""A store as it is now: opened again, between two requests, once another manifest has taken the place of its own.

Who asks is not told. It knows no operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch import searcher
from smsearch.errors import SmsearchError
from smsearch.service.service import Service
from smsearch.store import manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class FreshService:
    """Answers as `Service` does, over a store that others may add to; for one thread.

    A listing that began before an addition cannot go on: its NextToken is of other records, and is refused.
    """

    def __init__(self, folder: Path, note: Callable[[str], object]) -> None:
        """Opens the store.

        Args:
            folder: The store's.
            note: Is told of each time that it was opened again, or could not be.

        Raises:
            StoreError: It cannot be opened now; later on, what was opened before goes on being served.
        """
        self._folder = folder
        self._note = note
        self._mark = manifest.mark(folder)
        self._service = Service(searcher.open_store(folder))

    def answer(self, name: str, body: bytes) -> bytes:
        """An operation's output, given its input, as `Service.answer` gives it.

        Raises:
            ServiceError: What the service would answer in place of the output.
        """
        mark = manifest.mark(self._folder)
        if mark != self._mark:
            self._mark = mark
            self._open()
        return self._service.answer(name, body)

    def _open(self) -> None:
        try:
            opened = searcher.open_store(self._folder)
        except SmsearchError as error:
            self._note(f"the store has changed, but what it was goes on being served: {error}")
            return
        self._service = Service(opened)
        self._note(f"the store has changed: {sum(opened.resources().values()):,} records now")
