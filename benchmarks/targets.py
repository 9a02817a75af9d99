"""What smsearch should reach, as data: what, how much, how it is computed from the results of one run.

A response's target is held by the request asked again in the same bytes, as the peers' statements are asked again, and
told for the one with nothing remembered beside it; a count's by the latter alone, since a remembered count is no count.
A peer stands at its quickest way, DuckDB's nested columns among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.oneshot import SEARCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Found = dict[str, Any]
"""The results of one run."""
FAMILIES: Final = {
    "SQLite": ("sqlite",),
    "DuckDB": ("duckdb", "duckdb nested"),
    "Polars": ("polars",),
    "the best columnar engine": ("duckdb", "duckdb nested", "polars"),
}
RESPONSES: Final = ("response", "column")
COUNTS: Final = ("Q11 types", "Q11 Q4")
AT_LEAST: Final = {
    **{name: {"SQLite": 3.0, "DuckDB": 100.0, "Polars": 100.0} for name in ("Q1", "Q2", "Q3", "Q9", "Q12")},
    "Q4": {"SQLite": 15.0},
    "Q5": {"SQLite": 2.0},
    "Q6 rare": {"SQLite": 1.0},
    "Q6 common": {"SQLite": 1.5},
    "Q6 one": {"SQLite": 1.0},
    "Q7": {"SQLite": 10.0},
    "Q8": {"SQLite": 4.0},
    "Q10 tag": {"SQLite": 1.0},
    "Q10 never": {"SQLite": 1.0, "the best columnar engine": 2.0},
    **{name: {"SQLite": 50.0, "DuckDB": 10.0} for name in COUNTS},
}
"""How many times longer than smsearch's a peer's response should take."""
GROWING: Final = ("Q1", "Q2", "Q3", "Q8", "Q9", "Q12")
GROWTH_MAX: Final = 1.5
"""Times by which these may grow from a hundred thousand records to a million; it takes two runs to tell."""
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
        afresh: Computes it for smsearch with nothing remembered, where that is another number.
    """

    what: str
    wanted: float
    measure: Callable[[Found], float | None]
    is_least: bool = False
    unit: str = "×"
    afresh: Callable[[Found], float | None] | None = None

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
    way = way or ("nothing remembered" if query in COUNTS else "response")
    microseconds: float | None = found["engines"]["smsearch"]["queries"][query].get(way)
    return microseconds


def best(found: Found, query: str, family: str) -> float | None:
    """Microseconds of the quickest response of a family of engines."""
    asked = [found["engines"][name]["queries"][query] for name in FAMILIES[family] if name in found["engines"]]
    return min((times[way] for times in asked for way in RESPONSES if way in times), default=None)


def overhead(found: Found, query: str, way: str = "not prepared") -> float | None:
    """Microseconds of a response beyond finding its rows along a plan and splicing their documents.

    None where the parts are not those of the response: runs of before took the scan from the order's beginning, where a
    walk that is asked for again begins at its first match.
    """
    times = [own(found, query, name) for name in (way, "scan", "splice")]
    whole, scan, splice = times
    if whole is None or scan is None or splice is None or scan > whole:
        return None
    return whole - scan - splice


def targets() -> Iterator[Target]:
    """Every target that one run can be held to."""
    for query, families in AT_LEAST.items():
        for family, wanted in families.items():
            what = f"{query}: {family}'s response over smsearch's"
            afresh = None if query in COUNTS else _response(query, family, "nothing remembered")
            yield Target(what, wanted, _response(query, family), is_least=True, afresh=afresh)
    yield Target("API over row ids and splice, not prepared, the worst page", 150, _worst_overhead, unit=" µs")
    yield Target("Q1: the latest page over the first", NOISE, _late("Q1"))
    yield Target("Q13: the latest page over the first", NOISE, _late("Q13"))
    yield Target("build: seconds over DuckDB's with the raw text kept", 1, _ratio(_loading, "duckdb"))
    yield Target("build: seconds over DuckDB's of typed columns alone (an aim)", 1, _ratio(_loading, "duckdb nested"))
    yield Target("build: seconds over SQLite's with indexes for the queries", 0.4, _ratio(_loading, "sqlite"))
    yield Target("build: peak memory of all processes together", 2048, _peak, unit=" MB")
    yield Target("open, warm, the first in a process, imports apart", 10, _open_ms, unit=" ms")
    yield Target("cold: opening and a page of Q2 over SQLite's quicker way", 2, _cold)
    yield Target("whole process, JSON, over python and sqlite3", 3, _whole("python and sqlite3"))
    yield Target("whole process, JSON, over the sqlite3 shell", 3, _whole("sqlite3 shell"))
    yield Target("disk beside the documents, of the dump's size", 45, _disk, unit=" %")


def _quotient(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def _response(query: str, family: str, way: str | None = None) -> Callable[[Found], float | None]:
    return lambda found: _quotient(best(found, query, family), own(found, query, way))


def _worst_overhead(found: Found) -> float | None:
    if "smsearch" not in found["engines"]:
        return None
    measured = (overhead(found, query) for query in found["engines"]["smsearch"]["queries"])
    return max((one for one in measured if one is not None), default=None)


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


def _whole(peer: str) -> Callable[[Found], float | None]:
    def over(found: Found) -> float | None:
        search = found["one_shot"][SEARCH]
        return _quotient(search.get("smsearch, JSON"), search.get(peer))

    return over


def _disk(found: Found) -> float | None:
    engine = found["engines"].get("smsearch")
    if engine is None:
        return None
    return float(engine["disk_bytes"] - engine["documents_bytes"]) / float(found["dump_bytes"]) * 100
