"""Reads pieces side by side, in processes of their own.

The processes are fresh interpreters that are spoken to over pipes. `multiprocessing` would run the caller's script
again in each, or fork a process whose threads may hold locks; neither is for a library to ask of its callers.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, cast

from smsearch.errors import ExportError
from smsearch.ingest.pieces import Piece, PieceRead, read_piece

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smsearch.ingest.sources import Progress

_STARTED = "import sys; sys.path[:] = {path!r}; from smsearch.ingest.workers import serve; serve()"


class Worker:
    """A process that reads pieces one at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _STARTED.format(path=sys.path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves

    def read(self, piece: Piece, working: Path, prefix: str) -> PieceRead:
        """What reading a piece gives.

        Raises:
            ExportError: The process died of it.
        """
        try:
            pickle.dump((piece, working, prefix), cast("IO[bytes]", self._process.stdin))
            cast("IO[bytes]", self._process.stdin).flush()
            return cast("PieceRead", pickle.load(cast("IO[bytes]", self._process.stdout)))  # noqa: S301 - our own process
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            code = self._process.wait()
            message = f"The process that read it ended with code {code}."
            raise ExportError(message, file=piece.source.name, hint="Is there enough memory and disk?") from None

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()


def serve() -> None:
    """Reads the pieces that standard input names until it ends; what a worker runs."""
    answers = sys.stdout.buffer
    while True:
        try:
            piece, working, prefix = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        pickle.dump(read_piece(piece, working, prefix), answers)
        answers.flush()


def read_side_by_side(
    pieces: Sequence[Piece], working: Path, progress: Progress | None, processes: int
) -> list[PieceRead]:
    """What reading the pieces gives, in their order.

    Args:
        pieces: What to read.
        working: Where to spill runs.
        progress: Is told how many bytes were read, and of how many.
        processes: How many read at a time.

    Raises:
        ExportError: A process died.
    """
    total, done = sum(piece.size for piece in pieces), 0
    idle: SimpleQueue[Worker] = SimpleQueue()
    workers = [Worker() for _ in range(min(processes, len(pieces)))]
    for worker in workers:
        idle.put(worker)

    def read(at: int) -> PieceRead:
        worker = idle.get()
        try:
            return worker.read(pieces[at], working, str(at))
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(len(workers)) as pool:
            futures = {pool.submit(read, at): at for at in range(len(pieces))}
            try:
                for future in as_completed(futures):
                    future.result()
                    done += pieces[futures[future]].size
                    if progress is not None:
                        progress(done, total)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for worker in workers:
                    worker.close()
                raise
            return [future.result() for future in futures]
    finally:
        for worker in workers:
            worker.close()
