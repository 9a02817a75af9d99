"""A store as it is now: opened again, between two requests, once another manifest has taken the place of its own.

The snapshots of before stay open for a while, so that a listing that began in one of them goes on in it: a NextToken
names its snapshot, and that one answers. It knows no operation.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from smsearch import opening
from smsearch.api import next_token
from smsearch.errors import SmsearchError
from smsearch.service.service import Service
from smsearch.store import manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsearch.schema.prices import Prices
    from smsearch.searcher import Searcher
    from smsearch.store.store import Store

SEGMENTS_MAX: Final = 256
"""Segments, each an open file, that are held for earlier snapshots beyond those that are kept whatever they hold."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long the snapshots of before answer their tokens: as long as either holds.

    Attributes:
        snapshots: A snapshot does while no more than so many others have come after it and the next one.
        seconds: It does for so long after it was replaced, as far as `SEGMENTS_MAX` allows.
    """

    snapshots: int = 4
    seconds: float = 15 * 60.0


class _Snapshot:
    """A store as it was or is, and who answers over it."""

    def __init__(self, store: Store, prices: Prices | None) -> None:
        self.store = store
        self.searcher: Searcher = opening.search_store(store)
        self.searcher.prices = prices
        self.service = Service(self.searcher)
        self.digest = next_token.digest(store.manifest.snapshot)
        self.replaced = 0.0
        """When another one took its place, by the clock of who keeps it."""

    @property
    def files(self) -> set[str]:
        """The segments that it holds open."""
        return {segment.entry.file for segment in self.store.parts}


class FreshService:
    """Answers as `Service` does, over a store that others may add to; for one thread.

    A listing that began before an addition goes on over the records as they were, while they are kept; then its
    NextToken is refused as expired. So is one of before this service was made.
    """

    def __init__(
        self,
        folder: Path,
        note: Callable[[str], object],
        keeping: Keeping | None = None,
        clock: Callable[[], float] = time.monotonic,
        prices: Prices | None = None,
    ) -> None:
        """Opens the store.

        Args:
            folder: The store's.
            note: Is told of each time that it was opened again, or could not be.
            keeping: How long the snapshots of before answer; left out, as `Keeping` says.
            clock: Gives seconds that never go back.
            prices: What the page's queries compute the derived Cost with.

        Raises:
            StoreError: It cannot be opened now; later on, what was opened before goes on being served.
        """
        self._folder = folder
        self._note = note
        self._keeping = keeping or Keeping()
        self._clock = clock
        self._mark = manifest.mark(folder)
        self._current = _Snapshot(opening.open_snapshot(folder), prices)
        self._earlier: list[_Snapshot] = []
        self._last_used: _Snapshot | None = None

    def answer(self, name: str, body: bytes, region: str = "") -> bytes:
        """An operation's output, given its input, as `Service.answer` gives it.

        Raises:
            ServiceError: What the service would answer in place of the output.
        """
        self._refresh()
        return (self._of_token(body) if self._earlier else self._current).service.answer(name, body, region)

    def current_searcher(self) -> Searcher:
        """The searcher over the store as it is now; other threads may ask it, also after the store has changed."""
        self._refresh()
        return self._current.searcher

    def _refresh(self) -> None:
        """Opens the store if it has changed, and lets go of snapshots whose time is over."""
        mark = manifest.mark(self._folder)
        if mark != self._mark:
            self._mark = mark
            self._open()
        if self._earlier:
            self._drop()

    def _open(self) -> None:
        try:
            store = opening.open_snapshot(self._folder, self._current.store)
        except SmsearchError as error:
            self._note(f"the store has changed, but what it was goes on being served: {error}")
            return
        before = self._current
        if store.parts == before.store.parts:
            return  # the same segments, opened already: another manifest of the same content
        opened = self._current = _Snapshot(store, before.searcher.prices)
        if opened.digest == before.digest:
            return  # the same records: only the numbers of the snapshots that they superseded differ
        before.replaced = self._clock()
        before.searcher.forget()
        self._earlier = [*(one for one in self._earlier if one.digest != opened.digest), before]
        self._note(f"the store has changed: {sum(opened.searcher.resources().values()):,} records now")

    def _drop(self) -> None:
        """Lets go of the earlier snapshots whose time is over."""
        snapshots = list(self._earlier)
        while snapshots and self._is_over(snapshots):
            del snapshots[0]
        if len(snapshots) < len(self._earlier):
            self._earlier, self._last_used = snapshots, None
            gc.collect()  # a segment and its directory refer to each other, and hold a file open

    def _is_over(self, snapshots: list[_Snapshot]) -> bool:
        """Whether the first of some snapshots is to go."""
        if len(snapshots) <= self._keeping.snapshots:
            return False
        files = set().union(*(one.files for one in snapshots)) - self._current.files
        return self._clock() - snapshots[0].replaced >= self._keeping.seconds or len(files) > SEGMENTS_MAX

    def _of_token(self, body: bytes) -> _Snapshot:
        """The snapshot that the token of an input names, if it is kept; else the current one."""
        token = _token_of(body)
        digest = next_token.snapshot_of(token) if token else None
        for snapshot in self._earlier:
            if snapshot.digest == digest:
                if self._last_used is not None and self._last_used is not snapshot:
                    self._last_used.searcher.forget()  # questions are remembered for one earlier snapshot at a time
                self._last_used = snapshot
                return snapshot
        return self._current


def _token_of(body: bytes) -> str:
    """The NextToken of an input, or `""`."""
    if b"NextToken" not in body and b"\\u" not in body:
        return ""
    try:
        token = orjson.loads(body).get("NextToken")
    except (orjson.JSONDecodeError, AttributeError):
        return ""  # it is no input at all, which the service says
    return token if isinstance(token, str) else ""
