"""The folder of an export: which files are finished, which are under way, and what the export is of.

While an export is under way its folder holds `.export.json`, which says what is exported and from where, and two hidden
files for the kind that is being fetched. Readers of exports pass hidden files over. When all is done they are gone, and
what is left is a file for each kind. It asks nothing of any endpoint.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch import durable
from smsearch.errors import UnfinishedError, UnreachableError
from smsearch.export.journal import Partial
from smsearch.export.report import KindReport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES: Final = (".jsonl", ".jsonl.gz", ".jsonl.zst")
STATE: Final = ".export.json"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """What an export is of; one that was broken off goes on only with the same.

    Attributes:
        endpoint: The URL that was asked.
        region: The region.
        profile: The profile, or `""`.
        kinds: The kinds of records, in order.
        since: The earliest time of change in microseconds since 1970, or None.
        by_search: Whether records come from Search instead of List and Describe.
        suffix: How the files' names end.
    """

    endpoint: str
    region: str
    profile: str
    kinds: tuple[str, ...]
    since: int | None
    by_search: bool
    suffix: str

    def differences(self, other: Scope) -> Iterator[str]:
        """What an export of this scope and one of another do not share."""
        for name, mine in asdict(self).items():
            theirs = getattr(other, name)
            if mine != theirs:
                yield f"{name} {_shown(mine)} and not {_shown(theirs)}"


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else repr(value)


class Folder:
    """A folder while an export into it is under way.

    Attributes:
        finished: What was fetched of the kinds that are done, by kind.
    """

    def __init__(self, path: Path, scope: Scope) -> None:
        """Takes up the export that was broken off here, if there is one.

        Raises:
            UnfinishedError: It was an export of something else.
        """
        self._path = path
        self._scope = scope
        self.finished: dict[str, KindReport] = {}
        found = _read(path / STATE)
        if found is None:
            self._write()
            return
        begun = Scope(**{**found["scope"], "kinds": tuple(found["scope"]["kinds"])})
        differences = "; ".join(begun.differences(scope))
        if differences:
            message = f"{path} holds an unfinished export of something else: {differences}."
            raise UnfinishedError(message, hint="Go on with the same options, take another folder, or --restart.")
        self.finished = {kind: KindReport(**report) for kind, report in found["finished"].items()}

    def partial(self, kind: str) -> Partial:
        """The file of a kind under way: new, or as the last break left it."""
        return Partial(self._path / f".{kind}.jsonl.part", self._path / f".{kind}.journal")

    def finish(self, report: KindReport, partial: Partial) -> None:
        """Makes a file under way the kind's file; the one of an earlier export is replaced."""
        partial.finish(self._path / f"{report.kind}{self._scope.suffix}")
        self.finished[report.kind] = report
        self._write()
        partial.discard()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet that an export could go on from."""
        return not self.finished and not any(left.stat().st_size for left in self._path.glob(".*.journal"))

    def close(self) -> None:
        """Ends the export: nothing is left to go on with."""
        _clear(self._path)

    def _write(self) -> None:
        finished = {kind: asdict(report) for kind, report in self.finished.items()}
        body = orjson.dumps({"version": _VERSION, "scope": asdict(self._scope), "finished": finished})
        durable.replace(self._path / STATE, body)


@contextmanager
def opened(path: Path, scope: Scope, *, restart: bool = False) -> Iterator[Folder]:
    """Holds a folder for one export; makes it if it is not there.

    Args:
        path: The folder.
        scope: What is exported.
        restart: Whether to throw away what an export that was broken off has left.

    Raises:
        UnfinishedError: Another process is at work here, or the unfinished export is of something else.
    """
    path.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if restart:
            _clear(path)
        folder = Folder(path, scope)
        try:
            yield folder
        except BaseException as error:
            if folder.is_empty:
                folder.close()
            elif isinstance(error, UnreachableError):
                error.hint = f"{error.hint} The same command goes on from here.".lstrip()
            raise
    except BlockingIOError:
        raise UnfinishedError(f"Another smsearch is exporting to {path}.", hint="Wait until it is done.") from None
    finally:
        os.close(lock)


def _clear(path: Path) -> None:
    """Removes what an export under way leaves, the state last: whatever moment it ends at, the next one knows."""
    for pattern in (".*.journal", ".*.jsonl.part", ".*.new"):
        for left in path.glob(pattern):
            left.unlink(missing_ok=True)
    (path / STATE).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any] | None:
    """The state of an export that was broken off, or None.

    Raises:
        UnfinishedError: It cannot be read.
    """
    try:
        state = orjson.loads(path.read_bytes())
        version = state["version"]
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise UnfinishedError(f"{path} is damaged.", hint="Begin anew with --restart.") from None
    if version != _VERSION:
        raise UnfinishedError(f"{path} is of another smsearch.", hint="Begin anew with --restart.")
    return dict(state)
