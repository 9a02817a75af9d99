"""How times grow with the number of records: measured between two sizes, and, from three, carried on to a fourth.

Only runs of one and the same code are compared; two commits would be compared otherwise, not two sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.targets import GROWING, GROWTH_MAX, own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.targets import Found

FAR: Final = 10_000_000
"""The size that is carried on to."""
LEAST: Final = 3
"""Sizes that it takes."""


def of_one_code(results: list[Found]) -> list[Found]:
    """The largest result and the smaller ones of the very same code."""
    return [result for result in results if result["code"]["digest"] == results[-1]["code"]["digest"]]


def growth(results: list[Found]) -> Iterator[str]:
    """Lines of a table, or why there is none."""
    same = of_one_code(results)
    if len(same) < 2:
        if len(results) > 1:
            yield "Growth is not shown: the sizes were measured with different code.\n"
        return
    small, large = same[-2:]
    yield f"### From {small['count']:,} to {large['count']:,}\n"
    names = [name for name in small["engines"] if "queries" in small["engines"][name] and name in large["engines"]]
    yield "| query | " + " | ".join(names) + " |"
    yield "|---|" + "---:|" * len(names)
    for query in small["engines"][names[0]]["queries"]:
        cells = []
        for name in names:
            before, after = (result["engines"][name]["queries"][query]["response"] for result in (small, large))
            is_missed = name == "smsearch" and query in GROWING and after / before > GROWTH_MAX
            cells.append(f"{after / before:.1f}×{f' ✗ {GROWTH_MAX}' if is_missed else ''}")
        yield f"| {query} | {' | '.join(cells)} |"
    yield ""


def carried_on(results: list[Found]) -> Iterator[str]:
    """What smsearch would take at ten million, if it went on as it goes: a straight line through logarithms."""
    same = [result for result in of_one_code(results) if "smsearch" in result["engines"]][-LEAST:]
    if len(same) < LEAST or same[-1]["count"] >= FAR:
        return
    counts = [result["count"] for result in same]
    sizes = ", ".join(f"{count:,}" for count in counts)
    yield f"### {FAR:,}: not measured\n"
    yield f"Carried on from {sizes}, as a power of the number of records; a response of smsearch in microseconds.\n"
    yield "| query | " + " | ".join(f"{count:,}" for count in counts) + " | carried on |"
    yield "|---|" + "---:|" * (len(counts) + 1)
    for query in same[0]["engines"]["smsearch"]["queries"]:
        times = [own(result, query) or 0.0 for result in same]
        power, factor = np.polyfit(np.log(counts), np.log(times), 1)
        cells = [f"{time:,.0f}" for time in times]
        yield f"| {query} | {' | '.join(cells)} | {np.exp(factor + power * np.log(FAR)):,.0f} |"
    yield ""
