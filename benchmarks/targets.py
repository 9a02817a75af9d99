"""What smsearch should reach in one run, as data: what, how much, how it is computed from the results.

First requests are held to their targets with nothing remembered; the peers stand at their quickest way. What takes
other runs has its targets there: requests asked once (`asked_once.py`), additions (`additions.py`), the page's screens
(`screens.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from benchmarks.groupings import GROUPINGS
from benchmarks.oneshot import SEARCH, SQLITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Found = dict[str, Any]
"""The results of one run."""
RESPONSES: Final = ("response", "column")
COUNTS: Final = ("Q11 types", "Q11 Q4")
TWICE_AS_FAST: Final = ("Q4", "Q5", "Q7", "Q12", "Q14")
"""With nothing remembered and an exact total, against SQLite's page without a total."""
WHOLE_PROCESSES: Final = {
    (SEARCH, "smsearch, JSON"): 2.0,
    (SEARCH, "smsearch, text"): 2.5,
    ("lines", "smsearch, JSON"): 2.0,
    ("lines", "smsearch, text"): 2.5,
    ("response", "smsearch, JSON"): 2.0,
    ("response", "smsearch, text"): 2.5,
    ("count", "smsearch, JSON"): 2.0,
    ("contains", "smsearch, JSON"): 2.0,
    ("version", "smsearch"): 1.5,
    ("help", "smsearch"): 1.5,
    ("completion", "smsearch"): 1.5,
}
"""How many times as long as python and sqlite3 a process may take that does the same."""
GROWING: Final = ("Q1", "Q2", "Q3", "Q8", "Q9", "Q12")
GROWTH_MAX: Final = 1.5
"""Times by which these may grow from a hundred thousand records to a million; it takes two runs to tell."""
FIRST: Final = "nothing remembered"
NOISE: Final = 1.2
"""What two equal times may differ by."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to reach.

    Attributes:
        what: What is measured.
        wanted: The least it should be, or the most.
        measure: Computes it; None where the run lacks an engine that it takes.
        is_least: Whether `wanted` is the least.
        unit: Of both numbers.
    """

    what: str
    wanted: float
    measure: Callable[[Found], float | None]
    is_least: bool = False
    unit: str = "×"

    def outcome(self, found: Found) -> tuple[float | None, bool]:
        """What was measured, and whether that is enough."""
        value = self.measure(found)
        return value, value is not None and self.is_enough(value)

    def is_enough(self, value: float) -> bool:
        """Whether a number meets the target."""
        return value >= self.wanted if self.is_least else value <= self.wanted


def own(found: Found, query: str, way: str | None = None) -> float | None:
    """Microseconds of smsearch; without a way, the one that targets are held by."""
    if "smsearch" not in found["engines"]:
        return None
    way = way or (FIRST if query in COUNTS else "response")
    microseconds: float | None = found["engines"]["smsearch"]["queries"][query].get(way)
    return microseconds


def targets() -> Iterator[Target]:
    """Every target that one run can be held to."""
    for query in TWICE_AS_FAST:
        yield Target(f"{query}, nothing remembered: SQLite's page over it", 2, partial(_first, query), is_least=True)
    yield Target("Q6 common, nothing remembered", 400, partial(own, query="Q6 common", way=FIRST), unit=" µs")
    yield Target("Q10 never, nothing remembered", 60, partial(own, query="Q10 never", way=FIRST), unit=" µs")
    for grouping in GROUPINGS:
        yield Target(f"{grouping.name}: DuckDB's time over it", 1, partial(_grouping, grouping.name), is_least=True)
    yield Target("Q1: the latest page over the first", NOISE, _late("Q1"))
    yield Target("Q13: the latest page over the first", NOISE, _late("Q13"))
    yield Target("build: seconds over DuckDB's with the raw text kept", 0.5, _ratio(_loading, "duckdb"))
    yield Target("build: peak memory of all processes together", 800, _peak, unit=" MB")
    yield Target("the store's size over the dump's", 1.2, _size)
    yield Target("open, warm, the first in a process, imports apart", 10, _open_ms, unit=" ms")
    yield Target("cold: opening and a page of Q2 over SQLite's quicker way", 2, _cold)
    for (task, name), wanted in WHOLE_PROCESSES.items():
        yield Target(f"whole process: {task}, {name}, over python and sqlite3", wanted, partial(_whole, task, name))


def _quotient(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def _first(query: str, found: Found) -> float | None:
    sqlite = found["engines"].get("sqlite", {}).get("queries", {}).get(query, {})
    quickest = min((sqlite[way] for way in RESPONSES if way in sqlite), default=None)
    return _quotient(quickest, own(found, query, FIRST))


def _grouping(name: str, found: Found) -> float | None:
    times = {
        engine: found["engines"].get(engine, {}).get("groupings", {}).get(name) for engine in ("duckdb", "smsearch")
    }
    return _quotient(times["duckdb"], times["smsearch"])


def _late(query: str) -> Callable[[Found], float | None]:
    return lambda found: _quotient(own(found, f"{query} late"), own(found, query))


def _ratio(measure: Callable[[Found, str], float | None], peer: str) -> Callable[[Found], float | None]:
    return lambda found: _quotient(measure(found, "smsearch"), measure(found, peer))


def _loading(found: Found, engine: str) -> float | None:
    seconds: float | None = found["engines"].get(engine, {}).get("load", {}).get("seconds")
    return seconds


def peak_mb(found: Found, engine: str) -> float | None:
    """The most memory that loading held, all processes together.

    It is what was seen, but no less than what the kernel noted of the largest of them.
    """
    load = found["engines"].get(engine, {}).get("load")
    return None if load is None else max(load["peak_of_all_mb"], load["peak_of_one_mb"])


def _peak(found: Found) -> float | None:
    return peak_mb(found, "smsearch")


def _open_ms(found: Found) -> float | None:
    opened = found["opened"].get("smsearch")
    return None if opened is None else opened["warm"]["open_us"] / 1e3


def cold_us(found: Found, name: str) -> float | None:
    """Microseconds of opening and a page with nothing in memory; None if the kernel had not let go of the files."""
    seen = found["opened"].get(name, {}).get("cold")
    return None if seen is None or seen["resident"] > 0.01 else seen["open_us"] + seen["page_us"]


def _cold(found: Found) -> float | None:
    peers = [cold_us(found, name) for name in ("sqlite", "sqlite, no mmap")]
    return _quotient(cold_us(found, "smsearch"), min((one for one in peers if one is not None), default=None))


def _whole(task: str, name: str, found: Found) -> float | None:
    times = found["one_shot"].get(task, {})
    return _quotient(times.get(name), times.get(SQLITE))


def _size(found: Found) -> float | None:
    return _quotient(found["engines"].get("smsearch", {}).get("disk_bytes"), found["dump_bytes"])
