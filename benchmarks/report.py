"""Makes the tables of `benchmarks/README.md` from results: `python -m benchmarks.report`.

It takes the newest result of each size and writes between the two markers of the README; the rest of it is prose.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks.run import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

README: Final = Path(__file__).with_name("README.md")
BEGIN: Final = "<!-- results: written by `python -m benchmarks.report` -->"
END: Final = "<!-- end of results -->"
PEERS: Final = ("sqlite", "duckdb", "polars")

AT_LEAST: Final = {
    **{name: {"sqlite": 3.0, "duckdb": 100.0, "polars": 100.0} for name in ("Q1", "Q2", "Q3", "Q9", "Q12")},
    "Q4": {"sqlite": 15.0},
    "Q5": {"sqlite": 2.0},
    "Q6 rare": {"sqlite": 1.0},
    "Q6 common": {"sqlite": 1.5},
    "Q6 one": {"sqlite": 1.0},
    "Q7": {"sqlite": 10.0},
    "Q8": {"sqlite": 4.0},
    "Q10 tag": {"sqlite": 1.0},
    "Q10 never": {"sqlite": 1.0, "duckdb": 2.0, "polars": 2.0},
    "Q11 types": {"sqlite": 50.0, "duckdb": 10.0},
    "Q11 Q4": {"sqlite": 50.0, "duckdb": 10.0},
}
"""How many times faster than each peer a response should be, by query."""
GROWTH_MAX: Final = 1.5
GROWING: Final = ("Q1", "Q2", "Q3", "Q8", "Q9", "Q12")


def main() -> None:
    """Writes the tables into the README."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{tables(newest())}\n{END}{after}", encoding="utf-8")


def newest() -> list[dict[str, Any]]:
    """The newest result of each size, smaller sizes first."""
    found: dict[int, dict[str, Any]] = {}
    for file in sorted(RESULTS.glob("*.json")):
        result = orjson.loads(file.read_bytes())
        found[result["count"]] = result
    return [found[count] for count in sorted(found)]


def tables(results: list[dict[str, Any]]) -> str:
    """The tables of all sizes, and of the growth between them."""
    parts = [part for result in results for part in _of_size(result)]
    if len(results) > 1:
        parts += _growth(results[0], results[-1])
    return "\n".join(parts)


def _of_size(result: dict[str, Any]) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    yield f"### {result['count']:,} jobs\n"
    yield f"`make bench N={result['count']}`, commit `{result['commit']}`, {result['at']}, {result['cores']} cores;"
    yield f"{versions}.\n"
    yield "A response in microseconds, warm, the median; in brackets how many times longer than smsearch; a target that"
    yield "is missed is marked ✗ with what it asks for.\n"
    yield "| query | smsearch | SQLite | DuckDB | Polars |"
    yield "|---|---:|---:|---:|---:|"
    engines = result["engines"]
    for name, own in engines["smsearch"]["queries"].items():
        cells = [_compared(name, own["response_us"], engines, peer) for peer in PEERS]
        yield _row(name, [f"{own['response_us']:,.0f}", *cells])
    yield ""
    yield "| | " + " | ".join(engines) + " |"
    yield "|---|" + "---:|" * len(engines)
    loads = [engine["load"] for engine in engines.values()]
    dump = result["dump_bytes"]
    yield _row("load, s", [f"{load['seconds']:,.1f}" for load in loads])
    yield _row("peak of one process, MB", [f"{load['peak_mb']:,.0f}" for load in loads])
    yield _row("on disk, % of the dump", [f"{load['disk_bytes'] / dump:.0%}" for load in loads])
    yield _row("open, ms", [f"{engine['open_us'] / 1e3:,.1f}" for engine in engines.values() if "open_us" in engine])
    yield ""
    shots = ", ".join(f"{name} {milliseconds:,.0f} ms" for name, milliseconds in result["one_shot"].items())
    yield f"A whole process that prints the names of Q2's page: {shots}.\n"


def _row(name: str, cells: list[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _compared(query: str, own: float, engines: dict[str, Any], peer: str) -> str:
    if peer not in engines:
        return "-"
    theirs = engines[peer]["queries"][query]["response_us"]
    ratio = theirs / own
    wanted = AT_LEAST.get(query, {}).get(peer)
    missed = f" ✗ {wanted:g}" if wanted is not None and ratio < wanted else ""
    return f"{theirs:,.0f} ({ratio:,.1f}×{missed})"


def _growth(small: dict[str, Any], large: dict[str, Any]) -> Iterator[str]:
    yield f"### From {small['count']:,} to {large['count']:,}\n"
    yield "| query | smsearch | SQLite | DuckDB | Polars |"
    yield "|---|---:|---:|---:|---:|"
    for query in small["engines"]["smsearch"]["queries"]:
        cells = []
        for engine in ("smsearch", *PEERS):
            before, after = (result["engines"][engine]["queries"][query]["response_us"] for result in (small, large))
            is_held = engine != "smsearch" or query not in GROWING or after / before <= GROWTH_MAX
            cells.append(f"{after / before:.1f}×{'' if is_held else f' ✗ {GROWTH_MAX}'}")
        yield _row(query, cells)
    yield ""


if __name__ == "__main__":
    main()
