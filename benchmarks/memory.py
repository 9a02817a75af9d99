"""How much memory processes hold: one of them, and a whole tree of them while it works. It reads Linux's /proc."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

_PROC: Final = Path("/proc")
SHARE: Final = 20
"""Looking takes time from what is looked at: the pause is so many times as long as the look, and at least PAUSE."""
PAUSE: Final = 0.1


def held(pid: int | str = "self") -> dict[str, float]:
    """Megabytes of a process, pages that several share divided among them: all, its own, and those of files.

    Empty where there is no such process, or no /proc.
    """
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return {}
    sizes = {name: int(size.split()[0]) / 1024 for name, _, size in (line.partition(":") for line in lines)}
    return {"all_mb": sizes["Pss"], "own_mb": sizes.get("Pss_Anon", 0.0), "files_mb": sizes.get("Pss_File", 0.0)}


def tree(pid: int) -> list[int]:
    """A process, its children and theirs."""
    found = [pid]
    for one in found:
        for listed in (_PROC / str(one) / "task").glob("*/children"):
            try:
                found += map(int, listed.read_text(encoding="ascii").split())
            except OSError:  # it ended meanwhile
                continue
    return found


class Peak:
    """Watches a tree of processes from a thread while the `with` block runs.

    Attributes:
        megabytes: The most that was seen at once, in all processes together; 0 where there is no /proc.
        looks: How often it was looked.
    """

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self.looks = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        pause = 0.0
        while not self._ended.wait(pause):
            begun = time.perf_counter()
            seen = sum(held(pid).get("all_mb", 0.0) for pid in tree(self._pid))
            self.megabytes = max(self.megabytes, seen)
            self.looks += 1
            pause = max(PAUSE, SHARE * (time.perf_counter() - begun))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
