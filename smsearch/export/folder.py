"""The folder of an export: its scope, its finished files, and its unfinished files.

During an export the folder holds `.export.json`, which has the scope and the finished kinds, and two hidden files for
the kind that is being fetched. Readers of exports skip hidden files. At the end the hidden files are deleted, and one
file for each kind stays. This module knows no endpoint.
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
    """The scope of an export; an interrupted export continues only with the same scope.

    Attributes:
        endpoint: The endpoint's URL.
        region: The region.
        profile: The profile, or `""`.
        kinds: The kinds of records, in order.
        since: The earliest time of change in microseconds since 1970, or None.
        by_search: Whether Search gives the records, instead of List and Describe.
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
        """The members in which this scope and another differ."""
        for name, mine in asdict(self).items():
            theirs = getattr(other, name)
            if mine != theirs:
                yield f"{name} {_shown(mine)} and not {_shown(theirs)}"


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else repr(value)


class Folder:
    """A folder during an export.

    Attributes:
        finished: The reports of the finished kinds, by kind.
    """

    def __init__(self, path: Path, scope: Scope) -> None:
        """Continues the interrupted export of the folder, if there is one.

        Raises:
            UnfinishedError: That export has another scope.
        """
        self._path = path
        self._scope = scope
        self.finished: dict[str, KindReport] = {}
        state = _read(path / STATE)
        if state is None:
            self._write()
            return
        stored = Scope(**{**state["scope"], "kinds": tuple(state["scope"]["kinds"])})
        differences = "; ".join(stored.differences(scope))
        if differences:
            message = f"{path} holds an unfinished export of something else: {differences}."
            raise UnfinishedError(message, hint="Go on with the same options, take another folder, or --restart.")
        self.finished = {kind: KindReport(**report) for kind, report in state["finished"].items()}

    def partial(self, kind: str) -> Partial:
        """The unfinished file of a kind: new, or as an interruption left it."""
        return Partial(self._path / f".{kind}.jsonl.part", self._path / f".{kind}.journal")

    def finish(self, report: KindReport, partial: Partial) -> None:
        """Turns an unfinished file into the kind's file; it replaces that of an earlier export."""
        partial.finish(self._path / f"{report.kind}{self._scope.suffix}")
        self.finished[report.kind] = report
        self._write()
        partial.discard()

    @property
    def is_empty(self) -> bool:
        """Whether no record was fetched yet, so that there is nothing to continue."""
        return not self.finished and not any(journal.stat().st_size for journal in self._path.glob(".*.journal"))

    def close(self) -> None:
        """Ends the export: deletes the hidden files."""
        _clear(self._path)

    def _write(self) -> None:
        finished = {kind: asdict(report) for kind, report in self.finished.items()}
        body = orjson.dumps({"version": _VERSION, "scope": asdict(self._scope), "finished": finished})
        durable.replace(self._path / STATE, body)


@contextmanager
def opened(path: Path, scope: Scope, *, restart: bool = False) -> Iterator[Folder]:
    """Locks a folder for one export; makes the folder if it does not exist.

    Args:
        path: The folder.
        scope: The scope of the export.
        restart: Whether to delete the rest of an interrupted export.

    Raises:
        UnfinishedError: Another process exports to the folder, or the interrupted export has another scope.
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
    """Deletes the hidden files, `.export.json` last: if this is interrupted, the next export still finds the state."""
    for pattern in (".*.journal", ".*.jsonl.part", ".*.new"):
        for file in path.glob(pattern):
            file.unlink(missing_ok=True)
    (path / STATE).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any] | None:
    """The state of an interrupted export, or None.

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
