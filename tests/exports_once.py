"""The exports of this repository are read once a process, however many commands open them: no test changes them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

from smsearch import opening, policy
from smsearch.live.collection import Collection
from smsearch.searcher import LiveSearcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.ingest.progress import Progress
    from smsearch.policy import Policy

_DATA: Final = Path(__file__).resolve().parents[1] / "data"
_open_exports: Final = opening.open_exports
_opened: Final[dict[tuple[tuple[str, Path], ...], LiveSearcher]] = {}


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
