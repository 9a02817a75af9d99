"""Records a newcomer's first ten minutes in a real terminal: `make transcript` writes `transcript.md`.

A shell runs in tmux, keys are sent to it, and what stands on the screen is what the document shows. Size, prompt and
data are the same every time, and nothing that is shown tells the time, so a new recording differs only where the
command does. It needs tmux, bash and an installed `smsearch`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "transcript.md"
COLUMNS: Final = 118
LINES: Final = 200
PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.1
_SESSION: Final = "smsearch-transcript"
_PROMPT: Final = "$ "
_TAB: Final = "Tab"

_TOOK: Final = re.compile(r"\([0-9,]+ m?s\)")
"""How long it took: no two recordings would be alike."""

_HEAD: Final = """# The first ten minutes

What a newcomer types and sees, in a terminal of 118 columns. `make transcript` records it anew, in a real one.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is typed, and why.

    Attributes:
        why: What the reader is told before it.
        line: What is typed.
        tabs: How often TAB is pressed then; the line is not sent, and given up afterwards.
    """

    why: str
    line: str
    tabs: int = 0


_FIRST_GUESS: Final = 'smsearch search "accuracy > 0.8"'
_BEST: Final = "status = Completed AND Metrics.validation:accuracy > 0.8"
STEPS: Final = (
    Step(
        "A dump can be searched as it is. Made into a store, it answers at once.",
        "smsearch index data/exports -o jobs.store",
    ),
    Step("Verbs that are given no source take this one.", "export SMSEARCH_DATA=jobs.store"),
    Step("What is there to ask about? Everything, or what has a word in its name.", "smsearch schema learning"),
    Step(
        "How is it spread? Few values are listed, many numbers drawn.",
        "smsearch facet status BillableTimeInSeconds",
    ),
    Step("The end of a name is enough where one property has it. Where several have, they are listed.", _FIRST_GUESS),
    Step(
        "On a terminal the answer is a table. It says how much it does not show.",
        'smsearch search "validation:accuracy > 0.8 ORDER BY validation:accuracy DESC" -n 5',
    ),
    Step(
        "Columns are chosen with -c; what their names share stands once above them.",
        'smsearch search "validation:accuracy > 0.8 ORDER BY validation:accuracy DESC" -n 5'
        " -c name,validation:accuracy,HyperParameters.learning_rate,HyperParameters.epochs",
    ),
    Step("What failed says why, without being asked.", 'smsearch search "status = Failed ORDER BY created DESC" -n 3'),
    Step(
        "What did each team spend, and what was its best?",
        'smsearch search "SELECT team, count(*), sum(BillableTimeInSeconds) AS seconds, best(validation:accuracy)'
        ' GROUP BY team ORDER BY seconds DESC"',
    ),
    Step("A slip in a name is an error, and says what would be right.", 'smsearch search "TrainingJobStaus = Failed"'),
    Step(
        "A query that finds nothing is none; what each condition finds alone tells why.",
        'smsearch search "status = Faild AND Tags.team = vision"',
    ),
    Step(
        "Why is this job not among them?",
        f'smsearch why fraud-resnet-2023-02-20-11-00-55-934 "{_BEST}"',
    ),
    Step(
        "What do two trials of one tuning job differ in?",
        "smsearch diff fraud-xgb-240212-1405-009-25118cd7 fraud-xgb-240212-1405-007-4de3d751",
    ),
    Step(
        "Conditions in brackets hold for one element of a list.",
        "smsearch count \"InputDataConfig[ChannelName = train AND ContentType = 'text/csv']\"",
    ),
    Step("The same question, for the service itself.", f'smsearch convert "{_BEST}" --to aws'),
    Step(
        "In a pipe there are no tables: one record a line, whole.",
        'smsearch search "status = Failed" -q | cut -c1-100 | head -3',
    ),
    Step("The shell completes names and values, inside a query too.", "source <(smsearch completion bash)"),
    Step("TAB, after a half-typed value:", 'smsearch search "TrainingJobStatus = Sto', tabs=1),
    Step("And after a half-typed name, twice:", "smsearch facet HyperParameters.l", tabs=2),
)


class Terminal:
    """A shell in a tmux of its own: another recording at the same time, or a server's environment, does not get in."""

    def __init__(self, folder: Path) -> None:
        self._beside = tempfile.TemporaryDirectory(prefix="smsearch-tmux-")
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        shell = ["env", f"PATH={path}", "PS1=$ ", "LC_ALL=C.UTF-8", "bash", "--norc", "--noprofile"]
        size = ["-x", str(COLUMNS), "-y", str(LINES)]
        self._tmux("new-session", "-d", "-s", _SESSION, *size, "-c", str(folder), *shell)
        self._wait()

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(  # noqa: S603 - tmux itself
            ["tmux", "-S", f"{self._beside.name}/socket", *arguments],  # noqa: S607
            check=check,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout

    def _screen(self) -> list[str]:
        """The lines of the screen, those that the terminal broke joined again."""
        return self._tmux("capture-pane", "-p", "-J", "-t", _SESSION).rstrip("\n").split("\n")

    def _wait(self, *, only_prompt: bool = False) -> None:
        """Waits until the shell asks for more, and on demand until nothing else is on the screen."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while (screen := self._screen())[-1].rstrip() != _PROMPT.rstrip() or (only_prompt and len(screen) > 1):
            if time.monotonic() > ends:
                raise SystemExit("The terminal does not come back:\n" + "\n".join(self._screen()))
            time.sleep(_LOOK_SECONDS)

    def _settled(self, before: list[str]) -> list[str]:
        """The screen once it is another than before, and does not change any more."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while (screen := self._screen()) == before and time.monotonic() < ends:
            time.sleep(_LOOK_SECONDS)
        last = before
        while screen != last:
            time.sleep(5 * _LOOK_SECONDS)
            last, screen = screen, self._screen()
        return screen

    def show(self, step: Step) -> str:
        """What stands on an empty screen after a step."""
        self._tmux("send-keys", "-t", _SESSION, "C-l")
        self._wait(only_prompt=True)
        self._tmux("send-keys", "-t", _SESSION, "-l", step.line)
        shown = self._settled([])
        if step.tabs:
            self._tmux("send-keys", "-t", _SESSION, *[_TAB] * step.tabs)
            shown = self._settled(shown)
            self._tmux("send-keys", "-t", _SESSION, "C-u")
            self._settled(shown)
        else:
            self._tmux("send-keys", "-t", _SESSION, "Enter")
            self._wait()
            shown = self._screen()[:-1]
        return _TOOK.sub("(... ms)", "\n".join(line.rstrip() for line in shown))

    def close(self) -> None:
        """Ends the shell."""
        self._tmux("kill-server", check=False)
        self._beside.cleanup()


def record() -> str:
    """The document.

    Raises:
        SystemExit: tmux is not there, or the terminal hangs.
    """
    if shutil.which("tmux") is None:
        raise SystemExit("The transcript is recorded in tmux: install it, on Debian with `apt-get install tmux`.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").symlink_to(ROOT / "data", target_is_directory=True)
        terminal = Terminal(folder)
        try:
            parts = [f"{step.why}\n\n```text\n{terminal.show(step)}\n```\n" for step in STEPS]
        finally:
            terminal.close()
    return "\n".join([_HEAD, *parts])


if __name__ == "__main__":
    DOCUMENT.write_text(record(), encoding="utf-8")
