"""A download is sent while it is written, and ends with its client."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from smsearch.page.addresses import SearchAddress
from smsearch.page.downloads import CHUNK_BYTES, CHUNKS_AHEAD, ChunkStream, chunks, search_writer
from tests.page.browsing import HOST, browse
from tests.page.conftest import EXPORTS
from tests.server.served import ENVIRONMENT, SMSEARCH

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from typing import BinaryIO

    from starlette.types import ASGIApp, Message

    from smsearch.searcher import Searcher


@pytest.fixture
def threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1)


def test_no_more_is_written_than_is_read(threads: ThreadPoolExecutor) -> None:
    written = 0

    def write(stream: BinaryIO) -> None:
        nonlocal written
        for _ in range(100):
            stream.write(b"x" * CHUNK_BYTES)
            written += 1

    async def read() -> int:
        parts = chunks(write, threads, lambda: None)
        size = len(await anext(parts))
        await asyncio.sleep(0.2)  # the writer goes on as far as it may
        ahead = written
        async for part in parts:
            size += len(part)
        assert ahead <= CHUNKS_AHEAD + 3
        return size

    assert asyncio.run(read()) == 100 * CHUNK_BYTES


def test_a_writer_ends_when_nobody_reads_any_more(threads: ThreadPoolExecutor) -> None:
    ended = threading.Event()

    def write(stream: BinaryIO) -> None:
        try:
            while True:
                stream.write(b"x" * CHUNK_BYTES)
        finally:
            ended.set()

    async def read() -> None:
        parts = chunks(write, threads, lambda: None)
        await anext(parts)
        await parts.aclose()  # type: ignore[attr-defined]  # an async generator
        await asyncio.to_thread(ended.wait, 10)

    asyncio.run(read())
    assert ended.is_set()
    assert threads.submit(int, "7").result(10) == 7


def test_what_fails_on_the_way_fails_for_the_reader(threads: ThreadPoolExecutor) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise OSError("the disk is gone")

    async def read() -> bytes:
        return b"".join([part async for part in chunks(write, threads, lambda: None)])

    with pytest.raises(OSError, match="the disk is gone"):
        asyncio.run(read())


def test_clients_that_go_away_do_not_use_downloads_up(app: ASGIApp) -> None:
    for _ in range(5):
        asyncio.run(_leave(app))
    assert browse(app, "/search.csv?q=Tags.team+%3D+nlp&c=TrainingJobName").body.startswith(b"TrainingJobName\n")


@pytest.mark.parametrize("suffix", ["csv", "json", "md"])
def test_a_file_is_the_one_that_the_command_writes(app: ASGIApp, suffix: str) -> None:
    names = () if suffix == "json" else ("TrainingJobName", "Metrics.accuracy", "HyperParameters.learning_rate")
    address = SearchAddress("TrainingJob", "Tags.team = nlp ORDER BY TrainingJobName", columns=names)
    chosen = ("-c", ",".join(names)) if names else ()
    command = (*SMSEARCH, "search", EXPORTS, address.query, "-f", suffix, "--all", *chosen)
    written = subprocess.run(list(map(str, command)), env=ENVIRONMENT, capture_output=True, check=True, timeout=60)
    assert browse(app, address.download(suffix)).body == written.stdout
    assert written.stdout.count(b"\n") > 50


async def _leave(app: ASGIApp) -> None:
    """Asks for a download and goes away at its first bytes."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/search.json",
        "raw_path": b"/search.json",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", HOST.encode())],
    }
    has_begun = asyncio.Event()

    async def receive() -> Message:
        await has_begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            has_begun.set()
            await asyncio.sleep(60)

    await asyncio.wait_for(app(scope, receive, send), 30)


def test_a_download_gives_way_at_each_row(searcher: Searcher) -> None:
    turns = 0

    def give_way() -> None:
        nonlocal turns
        turns += 1

    address = SearchAddress("TrainingJob", "Tags.team EXISTS")
    write = search_writer(searcher, address, "csv", give_way)
    rows = len(searcher.query(address.query))
    assert turns == rows  # the pass that finds the columns
    write(cast("BinaryIO", ChunkStream(lambda _: None, give_way)))
    assert turns >= 2 * rows
