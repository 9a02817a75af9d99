"""Writes the figures that the commands in `plots.md` make: `make figures`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smsearch.cli.verbs.plot import PlotVerb

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: Final = Path(__file__).with_name("plots.md")
FOLDER: Final = Path(__file__).with_name("plots")
_COMMAND: Final = re.compile(r"^\$ smsearch plot (.*?)$", re.MULTILINE)
_OUTPUT: Final = "-o"


def commands() -> Iterator[tuple[str, list[str]]]:
    """The name of the file that each command of the document writes, and the command's words after `plot`."""
    text = DOCUMENT.read_text(encoding="utf-8").replace("\\\n", " ")
    for match in _COMMAND.finditer(text):
        words = shlex.split(match[1])
        yield words[words.index(_OUTPUT) + 1], words


def write(words: list[str], target: Path) -> None:
    """Runs a command, with its file elsewhere."""
    from smsearch.cli.group import click_command

    place = words.index(_OUTPUT)
    arguments = [*words[: place + 1], str(target), *words[place + 2 :], "--quiet"]
    click_command("plot", PlotVerb).main(arguments, standalone_mode=False)


if __name__ == "__main__":
    for name, line in commands():
        write(line, FOLDER / name)
