"""TAB pressed in a real shell: what stands on the line afterwards, told by an `smsearch` that echoes its words."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import smsearch
from smsearch.cli.completion.shells import SCRIPTS
from tests.cli.conftest import JOBS, job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PROMPT: Final = "READY> "
STARTS: Final = {
    "bash": (
        ["bash", "--noprofile", "--rcfile", "rc", "-i"],
        f"PS1='{PROMPT}'\nbind 'set enable-bracketed-paste off'\n",
    ),
    "zsh": (["zsh", "-i"], f"PS1='{PROMPT}'\nunset zle_bracketed_paste\nautoload -Uz compinit && compinit -D -u\n"),
    "fish": (["fish", "-i"], f"function fish_prompt; printf '{PROMPT}'; end\nset -g fish_greeting\n"),
}
RC: Final = {"bash": "rc", "zsh": ".zshrc", "fish": "fish/config.fish"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, two names in it that differ in a blank, and an `smsearch` that shows its arguments."""
    folder = tmp_path_factory.mktemp("shells")
    spelled = job("cat-3", "Completed", 4, HyperParameters={"batch_size": "8", "batch size": "9"})
    dump = folder / "jobs.jsonl"
    dump.write_text("".join(json.dumps(line) + "\n" for line in (*JOBS, spelled)), encoding="utf-8")
    smsearch.build([dump], folder / "jobs.store")
    launcher = folder / "bin" / "smsearch"
    launcher.parent.mkdir()
    launcher.write_text(
        "#!/bin/sh\n"
        f'if [ -n "$_SMSEARCH_COMPLETE" ]; then exec "{sys.executable}" -m smsearch; fi\n'
        "printf '<%s>' \"$@\"; printf 'END\\n'\n"
    )
    launcher.chmod(0o755)
    return folder


class Shell:
    """An interactive shell in a pseudo-terminal."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._unread = ""
        self._until(PROMPT)

    def line(self, keys: str) -> list[str]:
        """The words of the command that some keys and a line feed give."""
        os.write(self._terminal, f"{keys}\n".encode())
        shown = self._until("END").rpartition("\n")[2]
        self._until(PROMPT)
        return shown[shown.index("<") + 1 : -1].split("><")

    def _until(self, ending: str) -> str:
        """What the terminal shows up to and with an ending."""
        patience = time.monotonic() + 30
        while ending not in self._unread and time.monotonic() < patience:
            if select.select([self._terminal], [], [], 1)[0]:
                self._unread += os.read(self._terminal, 4_096).decode(errors="replace")
        assert ending in self._unread, self._unread
        shown, _, self._unread = self._unread.partition(ending)
        return shown


@contextmanager
def running(name: str, folder: Path) -> Iterator[Shell]:
    """A shell with its completion set up, as the script says."""
    command, beginning = STARTS[name]
    rc = folder / RC[name]
    rc.parent.mkdir(exist_ok=True)
    rc.write_text(beginning + SCRIPTS[name])
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TERM": "dumb",
        "HOME": str(folder),
        "ZDOTDIR": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "LANG": "C.UTF-8",
    }
    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover - the child
        os.chdir(folder)
        os.execvpe(command[0], command, environment)  # noqa: S606
    try:
        yield Shell(terminal)
    finally:
        os.close(terminal)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


@pytest.fixture(scope="module")
def shells(folder: Path) -> Iterator[Callable[[str], Shell]]:
    """A shell of a name, started once."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(running(name, folder)))


BATCH_SIZE: Final = "HyperParameters.batch_size = 1"
SIZE_OF_BATCHES: Final = 'HyperParameters."batch size" = 1'
CASES: Final = (
    ("bash zsh fish", "cou\t jobs.store", "jobs.store"),
    ("bash zsh fish", "count jobs.store \"TrainingJobSta\t= 'Completed'\"", "TrainingJobStatus = 'Completed'"),
    ("bash zsh fish", "count jobs.store status=Comp\t", "status=Completed"),
    ("bash zsh fish", "facet jobs.store HyperParameters.batch\t_size", "HyperParameters.batch_size"),
    ("bash zsh fish", "count jobs.st\t 'Metrics.l\t> 1'", "Metrics.loss > 1"),
    # Some answers need quotes, so that all together begin with less than is typed.
    ("bash zsh", 'count jobs.store "HyperParameters.batch\t_size = 1"', BATCH_SIZE),
    ("bash zsh", "count jobs.store 'HyperParameters.batch\t_size = 1'", BATCH_SIZE),
    ("bash zsh", "count jobs.store 'HyperParameters.\"bat\t si\t= 1'", SIZE_OF_BATCHES),
    ("bash zsh", 'count jobs.store "HyperParameters.\\"bat\t si\t= 1"', SIZE_OF_BATCHES),
    # bash and fish close the quote behind the only answer.
    ("fish", 'count jobs.store "HyperParameters.batch\t', "HyperParameters.batch_size"),
    ("bash", "count jobs.store \"status = 'Comp\t\t", "status = 'Completed'"),
    ("bash fish", "count jobs.store 'tags.team = \"v\t", 'tags.team = "vision"'),
    ("zsh", "count jobs.store 'tags.team = \"v\t'", 'tags.team = "vision"'),
    # The quote begins within the word.
    ("bash fish", 'count jobs.store status="Comp\t', "status='Completed'"),
)


@pytest.mark.parametrize(
    ("name", "keys", "word"), [(name, keys, word) for names, keys, word in CASES for name in names.split()]
)
def test_tab_completes_and_erases_nothing(shells: Callable[[str], Shell], name: str, keys: str, word: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name}")
    assert shells(name).line(f"smsearch {keys}")[-1] == word
