"""The entry point of the `smsearch` command: prepares the process, runs the command, and exits with its code.

Click reads the arguments where they are not plain, and is loaded for no others. This module knows no verb;
`invocation.py` runs them.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

from smsearch.cli import terminal
from smsearch.cli.exit_codes import DONE
from smsearch.cli.failures import Terminated, discard, run_guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType


_YOUNG_OBJECTS: Final = 50_000
"""New objects after which garbage is looked for: loading three modules makes the usual 700, and none is garbage."""
_AGAIN_SECONDS: Final = 0.01
_OF_ITSELF: Final = (["-V"], ["--version"])
_HELP: Final = ("-h", "--help")


def main() -> NoReturn:
    """Runs the command with the arguments of the process, and ends the process."""
    gc.set_threshold(_YOUNG_OBJECTS)
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell lets what it runs behind ignore it
        signal.signal(signal.SIGINT, _stop)
    _reopen_closed()
    _prepare_output()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no verb multiplies matrices, and NumPy's threads start to spin
    code = run_guarded(_run, debug="--debug" in sys.argv)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # `run_guarded` has reported it, where it could
            discard(stream)
    gc.freeze()  # Python looks for garbage among all objects, several times, before it ends: a tenth of a short search
    sys.exit(code)


def _run() -> int:
    shell = os.environ.get("_SMSEARCH_COMPLETE", "")
    if shell:
        from smsearch.cli.completion.shells import answer

        return answer(shell)
    return run(sys.argv[1:])


def run(arguments: Sequence[str]) -> int:
    """Runs the command and returns the exit code; reports a wrong command line and raises all other errors."""
    if not arguments or list(arguments) in _OF_ITSELF:
        from smsearch.cli import about

        sys.stdout.write(f"{about.version_line() if arguments else about.SHORT_HELP}\n")
        return DONE
    if arguments[-1] in _HELP:
        from smsearch.cli import help_text

        text = help_text.of(arguments[:-1])
        if text is not None:
            sys.stdout.write(f"{text}\n")
            return DONE
    from smsearch.cli import plain_arguments

    plain = plain_arguments.read(arguments)
    if plain is not None:
        from smsearch.cli.invocation import invoke

        return invoke(plain.name, plain.verb, plain.values)
    from smsearch.cli.group import command

    return command.run(arguments)


def _reopen_closed() -> None:
    """Gives a closed standard stream a descriptor, so that no file of ours takes its number.

    Reading and writing it fail as before; what goes to standard error goes nowhere.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDWR)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False, encoding="utf-8")
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False, encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False, encoding="utf-8")


def _prepare_output() -> None:
    """Makes text for a file or a pipe UTF-8, as all other data is; a terminal keeps its encoding, and its guard."""
    if isinstance(sys.stdout, TextIOWrapper) and not terminal.is_output():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    terminal.install()


def _stop(number: int, frame: FrameType | None) -> None:
    """Ends what runs; a little later while an extension is being loaded, since orjson crashes where that is ended."""
    if _loads_extension(frame):
        signal.signal(signal.SIGALRM, lambda _, later: _stop(number, later))
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
        return
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def _loads_extension(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "exec_module" and type(frame.f_locals.get("self")).__name__ == "ExtensionFileLoader":
            return True
        frame = frame.f_back
    return False
