"""Guards whoever reads an open store: no file became shorter, and what a wrong one leads to is a StoreError.

Readers look at a file's numbers where they use them, so most of what is wrong under right checksums is found there.
Whatever else it leads to is an error of Python's. Then the segments are checked, once: if one is not what it should be,
that is the error; if all are, the error stands, for it is a bug. This module knows no query.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from smsearch.errors import StoreError
from smsearch.store.footer import AGAIN, LEFT_OVER, damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from smsearch.store.segment_reader import SegmentReader

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer")


class Guard:
    """What reading segments of a store is done within.

    Args:
        parts: The segments.
    """

    __slots__ = ("_are_whole", "_mapped", "_parts")

    def __init__(self, parts: Sequence[SegmentReader]) -> None:
        self._parts = parts
        self._mapped = [(mapped, len(mapped), name) for part in parts for mapped, name in part.mapped_files()]
        self._are_whole = False

    def __enter__(self) -> None:
        """Looks at the length of each file: reading beyond the end of one that is mapped ends the process.

        Raises:
            StoreError: One is shorter than when it was opened.
        """
        for mapped, size, name in self._mapped:
            if mapped.size() < size:
                raise damaged(name, f"it has {mapped.size():,} bytes now, and had {size:,} when it was opened")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finds out whether an error is a segment's fault.

        Raises:
            StoreError: It is.
        """
        if error is None or self._are_whole or not isinstance(error, LEFT_OVER):
            return
        from smsearch.store.check import problems_of  # nobody needs it else

        for part in self._parts:
            for problem in problems_of(part):
                raise StoreError(problem.removesuffix(AGAIN).rstrip(), hint=AGAIN) from error
        self._are_whole = True


class Guarded(Protocol):
    """Who reads segments within a guard."""

    @property
    def guard(self) -> Guard:
        """The guard of the segments that are read."""


_Reader = TypeVar("_Reader", bound=Guarded)


def guarded(
    method: Callable[Concatenate[_Reader, _Parameters], _Answer],
) -> Callable[Concatenate[_Reader, _Parameters], _Answer]:
    """A method that reads within its object's guard; not for generators, which read later."""

    def within_guard(self: _Reader, /, *args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Answer:
        with self.guard:
            return method(self, *args, **kwargs)

    update_wrapper(within_guard, method)
    return within_guard
