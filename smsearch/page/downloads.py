"""Matches as files, sent while they are written: a million rows take no more memory than one batch of them.

A thread of its own writes and waits where the client reads slowly; when the client has gone, writing ends.
"""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from smsearch.page.compare import markdown
from smsearch.page.search import result_of
from smsearch.writers import delimited, documents, tables
from smsearch.writers.answer import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from concurrent.futures import Executor

    from smsearch.page.addresses import CompareAddress, SearchAddress
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

CHUNK_BYTES: Final = 1 << 16
CHUNKS_AHEAD: Final = 4
"""Chunks that are written before the client has read them."""
ROWS_SHOWN: Final = 1_000
"""Matches of a Markdown table, which nobody reads further."""
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "md": "text/markdown; charset=utf-8",
}


class DownloadEndedError(Exception):
    """The client has gone before all was written."""


def search_writer(
    searcher: Searcher, address: SearchAddress, suffix: str, give_way: Callable[[], None]
) -> Callable[[BinaryIO], object]:
    """What writes the matches of an address: CSV and Parquet the columns that are chosen, JSON whole documents.

    Where no columns are chosen, CSV and Markdown need a pass over all matches before; it gives way at each of them.

    Raises:
        RequestError: The query is none, or a column is one that the resource does not have.
    """
    result = result_of(searcher, address)
    if suffix == "json":
        return lambda stream: documents.write_array(stream, Answer(result.records()))
    names = address.columns or result.query.columns
    if suffix == "parquet":
        from smsearch.writers.arrow import write_parquet  # it loads pyarrow

        batches = result.to_reader(names or None)
        return lambda stream: write_parquet(stream, batches)
    if suffix == "md":
        result = result.limited(ROWS_SHOWN)
    columns = result.columns_of(_giving_way(result.records(), give_way), names)
    write = delimited.write_csv if suffix == "csv" else tables.write_markdown
    return lambda stream: write(stream, Answer(result.records(), columns))


def _giving_way(records: Iterable[Record], give_way: Callable[[], None]) -> Iterator[Record]:
    for record in records:
        give_way()
        yield record


def compare_writer(searcher: Searcher, address: CompareAddress) -> Callable[[BinaryIO], object]:
    """What writes a comparison as Markdown.

    Raises:
        SmsearchError: As for `markdown`.
    """
    content = markdown(searcher, address)
    return lambda stream: stream.write(content)


class ChunkStream(io.RawIOBase):
    """A stream that hands over what is written to it in chunks, and waits while nobody takes them.

    Args:
        put: Takes a chunk.
        give_way: Is called before each write, a row or some: it may wait.
    """

    def __init__(self, put: Callable[[bytes], None], give_way: Callable[[], None]) -> None:
        super().__init__()
        self._put = put
        self._give_way = give_way
        self._buffer = bytearray()
        self._position = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How many bytes were written; Parquet's footer needs it."""
        return self._position

    def write(self, content: object) -> int:
        """Takes bytes."""
        self._give_way()
        data = bytes(memoryview(cast("bytes", content)))
        self._buffer += data
        self._position += len(data)
        if len(self._buffer) >= CHUNK_BYTES:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hands over what is left."""
        if self._buffer:
            self._put(bytes(self._buffer))
            self._buffer.clear()

    def discard(self) -> None:
        """Drops what is left, which the end of the stream would hand over."""
        self._buffer.clear()


async def chunks(
    write: Callable[[BinaryIO], object], threads: Executor, give_way: Callable[[], None]
) -> AsyncIterator[bytes]:
    """What a function writes, chunk by chunk; it runs in one of the threads, and gives way before each write.

    Raises:
        Exception: Whatever the function raises; the client then has half a file, and sees that it is.
    """
    loop = asyncio.get_running_loop()
    ready: asyncio.Queue[bytes | None] = asyncio.Queue(CHUNKS_AHEAD)
    has_ended = False

    def put(chunk: bytes | None) -> None:
        if has_ended:
            raise DownloadEndedError
        asyncio.run_coroutine_threadsafe(ready.put(chunk), loop).result()

    def run() -> None:
        stream = ChunkStream(put, give_way)
        try:
            with suppress(DownloadEndedError):
                write(cast("BinaryIO", stream))
                stream.flush()
        finally:
            stream.discard()
            with suppress(DownloadEndedError):
                put(None)

    running = loop.run_in_executor(threads, run)
    try:
        while (chunk := await ready.get()) is not None:
            yield chunk
        await running
    finally:
        has_ended = True
        while not ready.empty():  # a writer that waits for room goes on, and ends at its next chunk
            ready.get_nowait()
