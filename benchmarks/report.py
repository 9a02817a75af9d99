"""Makes the tables of `benchmarks/README.md` from results: `python -m benchmarks.report`.

It takes the newest result of each size and writes between two markers; the rest of the README is prose. The
project's own README gets a few lines of the largest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks import oneshot
from benchmarks.engines import REFERENCE_MAX
from benchmarks.groupings import GROUPINGS
from benchmarks.growth import carried_on, growth
from benchmarks.run import FORMAT, RESULTS
from benchmarks.targets import cold_us, own, peak_mb, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.targets import Found

README: Final = Path(__file__).with_name("README.md")
BEGIN: Final = "<!-- results: written by `python -m benchmarks.report` -->"
END: Final = "<!-- end of results -->"
FRONT: Final = README.parent.parent / "README.md"
FRONT_BEGIN: Final = "<!-- benchmark: written by `python -m benchmarks.report` -->"
FRONT_END: Final = "<!-- end of benchmark -->"
FRONT_QUERIES: Final = {
    "Q1": "all, newest first",
    "Q2": "by status, newest first",
    "Q3": "a metric over 0.95, by that metric",
    "Q4": "a hyperparameter and a tag",
    "Q5": "one element of a list meets two conditions",
    "Q6 rare": "name contains a rare word",
    "Q7": "any of three",
    "Q9": "a page deep in Q2",
    "Q14": "created in one month, last changed first",
    "Q11 types": "a count over two properties",
}
REPEATED: Final = "Every request is repeated with the same values, while its bytes lie in the processor's cache."
OWN_WAYS: Final = ("response", "not prepared", "nothing remembered")
PEERS: Final = {
    "SQLite": ("sqlite", "response"),
    "DuckDB": ("duckdb", "response"),
    "DuckDB, text column": ("duckdb", "column"),
    "DuckDB nested": ("duckdb nested", "response"),
    "Polars": ("polars", "response"),
    "ClickHouse": ("chdb", "response"),
}
"""Columns of the table of responses: an engine, and its way."""


def main() -> None:
    """Writes the tables into both READMEs."""
    results = newest(RESULTS)
    _write(README, BEGIN, END, tables(results))
    even = [result for result in results if not is_skewed(result)]
    if even:
        _write(FRONT, FRONT_BEGIN, FRONT_END, "\n".join(front(even[-1])))


def _write(file: Path, begin: str, end: str, between: str) -> None:
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    file.write_text(f"{before}{begin}\n\n{between}\n{end}{after}", encoding="utf-8")


def front(found: Found) -> Iterator[str]:
    """A few lines of a result for who has not asked for more."""
    yield f"Milliseconds for a page of 100 out of {found['count']:,} jobs, the bytes of the whole response, each at its"
    yield "best; *first* is a request that nothing is remembered of, its exact total counted."
    yield REPEATED
    yield "[More, and what it cannot tell](benchmarks/README.md).\n"
    yield _row("", ["smsearch", "first", "SQLite", "DuckDB", "Polars"])
    yield "|---|" + "---:|" * 5
    engines = found["engines"]
    for query, says in FRONT_QUERIES.items():
        own_times = engines["smsearch"]["queries"][query]
        theirs = [engines[name]["queries"][query]["response"] for name in ("sqlite", "duckdb", "polars")]
        times = [own_times["response"], own_times["nothing remembered"], *theirs]
        yield _row(says, [f"{time / 1_000:.3g}" for time in times])
    yield ""


def newest(folder: Path) -> list[Found]:
    """The newest result of each size, smaller sizes first, skewed jobs before even ones; no older formats."""
    found: dict[tuple[int, bool], Found] = {}
    for file in sorted(folder.glob("*.json")):
        result = orjson.loads(file.read_bytes())
        if result.get("format") == FORMAT:
            found[result["count"], not is_skewed(result)] = result
    return [found[size] for size in sorted(found)]


def is_skewed(found: Found) -> bool:
    """Whether the jobs of a run were those of a skewed account."""
    return bool(found.get("is_skewed"))


def tables(results: list[Found]) -> str:
    """The tables of all sizes, and of the growth between them."""
    parts = [part for result in results for part in _of_size(result)]
    even = [result for result in results if not is_skewed(result)]
    if even:
        parts += [*growth(even), *carried_on(even)]
    return "\n".join(parts)


def _of_size(found: Found) -> Iterator[str]:
    yield f"### {found['count']:,} jobs{' of a skewed account' if is_skewed(found) else ''}\n"
    yield from _circumstances(found)
    if "smsearch" in found["engines"]:
        yield from _responses(found)
        yield from _rows(found)
        yield from _groupings(found)
    yield from _engines(found)
    yield from _openings(found)
    yield from _whole_processes(found)
    if "smsearch" in found["engines"]:
        yield from _targets(found)


def _whole_processes(found: Found) -> Iterator[str]:
    shots = found["one_shot"]
    alone = shots[oneshot.START][oneshot.ALONE]
    clock = " of processor time" if "version" in shots else ""  # older results have the time of a clock on the wall
    yield f"Whole processes, started, answered and ended, in milliseconds{clock}; in brackets how many times as long"
    yield f"as Python and sqlite3 smsearch takes. Python alone takes {alone:.0f}.\n"
    yield from oneshot.table(shots)
    yield ""


def _circumstances(found: Found) -> Iterator[str]:
    code, (before, after) = found["code"], found["load_average"]
    commit = f"commit `{code['commit'][:7]}`{', with changes not committed' if code['dirty'] else ''}"
    yield f"`{_command(found)}`, {commit}, {found['at']}, {found['cores']} cores,"
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    yield f"load average {before:.1f} before and {after:.1f} after; {versions}."
    if "reference" in found["skipped"]:
        yield f"The reference, which judges every record, was skipped: there are more than {REFERENCE_MAX:,}."
    elif "reference" in found["engines"]:
        yield "The reference gave the same answers and documents as the others."
    yield ""


def _responses(found: Found) -> Iterator[str]:
    yield "A response in microseconds, warm, the median; in brackets how many times as long as smsearch asked again."
    yield f"{REPEATED}\n"
    peers = {title: where for title, where in PEERS.items() if where[0] in found["engines"]}
    yield _row("query", [*(f"smsearch: {name}" for name in ("asked again", *OWN_WAYS[1:])), *peers])
    yield "|---|" + "---:|" * (len(OWN_WAYS) + len(peers))
    for query, times in found["engines"]["smsearch"]["queries"].items():
        cells = [f"{times[way]:,.0f}" for way in OWN_WAYS]
        for engine, way in peers.values():
            theirs = found["engines"][engine]["queries"][query].get(way)
            cells.append("" if theirs is None else f"{theirs:,.0f} ({_short(theirs / times['response'])}×)")
        yield _row(query, cells)
    yield ""


def _rows(found: Found) -> Iterator[str]:
    yield "Row ids, in microseconds; and what finding a page's rows along a plan (*scan*) and joining their documents"
    yield "(*splice*) take by themselves. A page that is asked again is joined from what was remembered of both.\n"
    names = [name for name, engine in found["engines"].items() if "queries" in engine]
    parts = ("scan", "splice")
    yield _row("query", [*(f"ids: {name}" for name in names), *parts])
    yield "|---|" + "---:|" * (len(names) + len(parts))
    for query in found["engines"]["smsearch"]["queries"]:
        times = [found["engines"][name]["queries"][query]["ids"] for name in names]
        times += [own(found, query, part) for part in parts]
        yield _row(query, ["" if time is None else f"{time:,.0f}" for time in times])
    yield ""


def _groupings(found: Found) -> Iterator[str]:
    engines = {name: engine["groupings"] for name, engine in found["engines"].items() if "groupings" in engine}
    if not engines:
        return
    yield "Groups in milliseconds, warm, the median; nothing is remembered, and the text is parsed each time.\n"
    yield _row("groups", list(engines))
    yield "|---|" + "---:|" * len(engines)
    for grouping in GROUPINGS:
        times = [times[grouping.name] / 1_000 for times in engines.values()]
        yield _row(f"{grouping.name}: {grouping.says}", [f"{time:,.3g}" for time in times])
    yield ""


def _engines(found: Found) -> Iterator[str]:
    engines = {name: engine for name, engine in found["engines"].items() if "queries" in engine}
    yield _row("", list(engines))
    yield "|---|" + "---:|" * len(engines)
    loads = [engine.get("load", {}) for engine in engines.values()]
    peaks = [peak_mb(found, name) for name in engines]
    yield _row("load, s", [f"{load['seconds']:,.1f}" if load else "" for load in loads])
    yield _row("peak of all its processes, MB", ["" if peak is None else f"{peak:,.0f}" for peak in peaks])
    yield _row("peak of the largest, MB", [f"{load['peak_of_one_mb']:,.0f}" if load else "" for load in loads])
    yield _row("on disk, % of the dump", [f"{one['disk_bytes'] / found['dump_bytes']:.0%}" for one in engines.values()])
    memories = [engine["memory"] for engine in engines.values()]
    for what, title in (("own_mb", "its own"), ("files_mb", "of files")):
        grown = [memory["asked"].get(what, 0) - memory["imported"].get(what, 0) for memory in memories]
        yield _row(f"memory after all queries, {title}, MB", [f"{megabytes:,.0f}" for megabytes in grown])
    yield ""


def _openings(found: Found) -> Iterator[str]:
    yield "The first opening in a process and the first page of Q2, imports apart, in milliseconds. Cold: all files had"
    yield "left the page cache, as mincore says; *not cold* where some had not.\n"
    yield _row("", ["open, warm", "page, warm", "open and page, cold", "page faults, cold"])
    yield "|---|---:|---:|---:|---:|"
    for name, seen in found["opened"].items():
        warm, cold = [seen["warm"]["open_us"], seen["warm"]["page_us"]], cold_us(found, name)
        cells = [f"{time / 1e3:,.1f}" for time in warm]
        yield _row(
            name, [*cells, "not cold" if cold is None else f"{cold / 1e3:,.1f}", f"{seen['cold']['faults']:,.0f}"]
        )
    yield ""


def _targets(found: Found) -> Iterator[str]:
    yield "| target | asked for | measured | |"
    yield "|---|---:|---:|---|"
    for target in targets():
        value, is_met = target.outcome(found)
        wanted = f"{'≥' if target.is_least else '≤'} {target.wanted:g}{target.unit}"
        told = (
            "not measured | " if value is None else f"{_short(value)}{target.unit} | {'met' if is_met else '✗ missed'}"
        )
        yield f"| {target.what} | {wanted} | {told} |"
    yield ""


def _command(found: Found) -> str:
    settings = found["settings"]
    if not settings["options"]:
        return f"make bench N={found['count']}"
    return " ".join(("python -m benchmarks.run", str(found["count"]), *settings["options"]))


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _row(name: str, cells: list[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
