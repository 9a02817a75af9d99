"""Parts that are told in any thread add up, one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from smsearch.ingest.progress import sum_of_advances


def test_parts_add_up_to_the_total_and_not_beyond() -> None:
    seen: list[tuple[int, int]] = []
    advance = sum_of_advances(lambda done, total: seen.append((done, total)), 10)
    for count in (4, 5, 6):
        advance(count)
    assert seen == [(4, 10), (9, 10), (10, 10)]


def test_without_a_total_they_add_up_for_good() -> None:
    seen: list[tuple[int, int]] = []
    advance = sum_of_advances(lambda done, total: seen.append((done, total)), 0)
    advance(4)
    advance(5)
    assert seen == [(4, 0), (9, 0)]


def test_no_part_of_any_thread_is_lost() -> None:
    seen: list[int] = []
    advance = sum_of_advances(lambda done, _: seen.append(done), 40_000)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(advance, [1] * 40_000))
    assert seen == list(range(1, 40_001))
