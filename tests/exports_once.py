"""The exports of this repository, read once and stored once in a process, however many tests ask them."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

import smsearch
from smsearch import opening, policy
from smsearch.live.collection import Collection
from smsearch.live_searcher import LiveSearcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.ingest.progress import Progress
    from smsearch.policy import Policy

_DATA: Final = Path(__file__).resolve().parents[1] / "data"
_open_exports: Final = opening.open_exports
_STORES: Final = tempfile.TemporaryDirectory(prefix="smsearch-exports-")
_opened: Final[dict[tuple[tuple[str, Path], ...], LiveSearcher]] = {}


@cache
def stored_exports() -> Path:
    """A store of `data/exports`; a test that changes it copies it first. It goes with the process."""
    store = Path(_STORES.name, "store")
    smsearch.build([_DATA / "exports"], store)
    return store


@contextmanager
def exports_read_once() -> Iterator[None]:
    """While it lasts, opening exports of `data/` a second time gives the records of the first."""
    with mock.patch.object(opening, "open_exports", _open):
        yield


def _open(sources: Iterable[str], chosen: Policy | None = None, progress: Progress | None = None) -> LiveSearcher:
    places = tuple((source, Path(source).resolve()) for source in sources)
    if not all(path.is_relative_to(_DATA) for _, path in places):
        return _open_exports([source for source, _ in places], chosen, progress)
    if places not in _opened:
        _opened[places] = _open_exports([source for source, _ in places], None, progress)
    first = _opened[places]
    assert isinstance(first.engine, Collection)
    return LiveSearcher(first.engine, first.report, chosen or policy.DEFAULT)
