"""Does work side by side, in processes of their own.

The processes are fresh interpreters that are spoken to over pipes. `multiprocessing` would run the caller's script
again in each, or fork a process whose threads may hold locks; neither is for a library to ask of its callers. Threads
would not do: parsing and sorting by column hold the interpreter's lock most of the time (measured).
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import signal
import subprocess
import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Concatenate, Final, ParamSpec, Protocol, Self, TypeVar, cast

from smsearch.errors import ExportError
from smsearch.ingest.handed_over import HandedOver, handed_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.ingest.progress import Advance

_PROGRAM = "import sys; sys.path[:] = {path!r}; from smsearch.ingest.workers import serve; serve({folder!r})"

_ALLOCATION: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_MMAP_THRESHOLD_": str(1 << 20)}
"""So that what is freed goes back to the system at once: of a million ARNs, a process kept 200 MB for nothing."""
_YOUNG_OBJECTS: Final = 50_000
"""New objects after which a process looks for garbage: a record makes hundreds, and none is garbage. With the usual 700
it took 4 % of the time in which Python reads."""
_ENDING_SECONDS: Final = 10.0
"""How long a process may take to end after it has closed its answers."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Pool(Protocol):
    """Whoever takes work."""

    def submit(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Takes a function of a module, with arguments that can be pickled."""

    def submit_with_progress(
        self, advance: Advance, work: Callable[Concatenate[Advance, _P], _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_T]:
        """Takes such a function that says how far it has come; `advance` is called in any thread while it works."""


class Inline:
    """Does work at once, in this process."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""

    def submit_with_progress(
        self, advance: Advance, work: Callable[Concatenate[Advance, _P], _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_T]:
        """The result, or what the work raised; `advance` is called meanwhile."""
        return self.submit(work, advance, *args, **kwargs)

    def submit(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """The result, or what the work raised."""
        future: Future[_T] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is raised by whoever asks for the result
            future.set_exception(error)
        return future


class _Worker:
    """A process that does one thing at a time."""

    def __init__(self, folder: Path | None) -> None:
        program = _PROGRAM.format(path=sys.path, folder=None if folder is None else str(folder))
        command = [sys.executable, "-c", program]
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_ALLOCATION | os.environ,
            process_group=0,  # a terminal's Ctrl-C is for whoever started it, who ends it
        )

    def call(
        self, advance: Advance | None, work: Callable[..., _T], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> _T:
        """What the work returns; it is given a way to tell how far it has come if there is one here.

        Raises:
            ExportError: The process died of it.
            Exception: What the work raised.
        """
        try:
            pickle.dump((advance is not None, work, args, kwargs), cast("IO[bytes]", self._process.stdin), protocol=5)
            cast("IO[bytes]", self._process.stdin).flush()
            while isinstance(answer := pickle.load(cast("IO[bytes]", self._process.stdout)), int):  # noqa: S301 - ours
                if advance is not None:
                    advance(answer)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise self._death() from None
        result, error = answer
        if error is not None:
            raise error
        return cast("_T", result.received() if isinstance(result, HandedOver) else result)

    def _death(self) -> ExportError:
        """How the process ended, which answers no more."""
        try:
            code = self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.close()
            return ExportError("A process of the build gave no answer.")
        if code >= 0:
            return ExportError(f"A process of the build ended with code {code}.")
        name = _signal_name(-code)
        hint = "Is there enough memory?" if -code == signal.SIGKILL else ""
        return ExportError(f"A process of the build was ended by {name}.", hint=hint)

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one of those for real time
        return f"signal {number}"


def serve(folder: str | None) -> None:
    """Does what standard input asks for until it ends, or nobody takes the answers; what a worker runs.

    Large results go over in files of the folder, if there is one.

    An answer is a pair: the result and None, or None and the error that the work raised. Before it come numbers, as
    the work tells them.
    """
    gc.set_threshold(_YOUNG_OBJECTS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer

    def say(answer: object) -> None:
        try:
            pickle.dump(answer, answers, protocol=5)
            answers.flush()
        except BrokenPipeError:  # whoever started it was killed
            os._exit(1)  # at once: what is still buffered can go nowhere

    while True:
        try:
            is_telling, work, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        answer: tuple[object, Exception | None]
        try:
            result = work(*((say,) if is_telling else ()), *args, **kwargs)
            answer = result if folder is None else handed_over(result, Path(folder)), None
            del result
        except Exception as error:  # noqa: BLE001 - it is raised by whoever asks for the result
            answer = None, _portable(error)
        say(answer)
        del work, args, kwargs, answer  # a process that waits holds nothing
        give_back_memory()


def give_back_memory() -> None:
    """Gives free memory back to the system: what one task needed, the process keeps otherwise beside the next one's."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    """The C library's function that gives free memory back; None where it has none."""
    try:
        return cast("Callable[[int], int]", ctypes.CDLL(None).malloc_trim)
    except (AttributeError, OSError, TypeError):
        return None


def _portable(error: Exception) -> Exception:
    """The error as another process can have it, with its traceback as a note; of a type that it cannot, its words."""
    trace = "".join(traceback.format_exception(error))
    try:
        again: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
        whole = type(again) is type(error) and str(again) == str(error)
    except Exception:  # noqa: BLE001 - whatever pickling an error of a library may raise
        whole = False
    portable = error if whole else RuntimeError(f"{type(error).__name__}: {error}")
    portable.add_note(f"In a process of the build:\n{trace}")
    return portable


class Workers:
    """Some processes that take work in turn.

    Args:
        count: How many.
        folder: Where large results lie until they are received; left out, they come over pipes.
    """

    def __init__(self, count: int, folder: Path | None = None) -> None:
        self._workers = [_Worker(folder) for _ in range(count)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def submit(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """The result to come.

        Raises:
            ExportError: As its result: the process died of it.
            Exception: As its result: what the work raised.
        """
        return self._threads.submit(self._call, None, work, args, kwargs)

    def submit_with_progress(
        self, advance: Advance, work: Callable[Concatenate[Advance, _P], _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_T]:
        """The result to come, as of `submit`; `advance` is called in another thread meanwhile."""
        return self._threads.submit(self._call, advance, work, args, kwargs)

    def _call(
        self, advance: Advance | None, work: Callable[..., _T], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> _T:
        worker = self._idle.get()
        try:
            return worker.call(advance, work, args, kwargs)
        finally:
            self._idle.put(worker)
