"""Where a record was read: the file, the line and the place in the document.

Values only. It knows neither how files are found nor how a store keeps where its records came from. Its annotations are
no texts, for the reason that `store/directory.py` gives.
"""

import re
from typing import Any, Final, NamedTuple

from smsearch.frozen import frozen
from smsearch.messages import counted
from smsearch.orjson_later import orjson

_PLAIN: Final = r"[A-Za-z_][\w-]*"
"""A member that stands after a dot; a text, because every process imports this module, and few write a path."""


class Origin(NamedTuple):
    """Where one snapshot of a record was read.

    Attributes:
        file: The file's name, relative to the folder that was given; `""` for an object in memory.
        line: The line on which the document begins, from 1; 0 for an object in memory.
        path: The members and list positions that lead from the document to the record; `()` if it is the record.
    """

    file: str
    line: int
    path: tuple[str | int, ...]


NOWHERE: Final = Origin("", 0, ())
"""Of a record that was made and not read."""


@frozen
class RecordSource:
    """Where a record came from; `str` of it is one line for people.

    A record that several snapshots tell together came from the one that the others only add to (row D2).

    Attributes:
        file: The file's name, relative to the folder that was given; `""` for an object in memory.
        line: The line on which the document begins, from 1; 0 for an object in memory.
        path: What leads from the document to the record: `[3]`, `TrainingJobSummaries[3]`, `jobs["a.b"]`; positions
            from 0. `""` if the document is the record.
        superseded: How many other snapshots of the record were read: those that gave way to it, and those that add to
            it.
    """

    file: str
    line: int
    path: str
    superseded: int

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.file else "memory"
        inside = f", at {self.path}" if self.path else ""
        supersedes = f"; supersedes {counted(self.superseded, 'other snapshot')}" if self.superseded else ""
        return f"{where}{inside}{supersedes}"

    def members(self) -> dict[str, Any]:
        """It as JSON, for programs."""
        return {"File": self.file, "Line": self.line, "Path": self.path, "Superseded": self.superseded}


def record_source(origin: Origin, superseded: int) -> RecordSource:
    """An origin as it is shown, with the number of snapshots that a record superseded."""
    return RecordSource(origin.file, origin.line, spelled(origin.path), superseded)


def spelled(path: tuple[str | int, ...]) -> str:
    """A path as text: positions in brackets, members after a dot, or as JSON in brackets where they are not plain."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(_PLAIN, step, re.ASCII):
            text += f".{step}" if text else step
        else:
            text += f"[{orjson.dumps(step).decode()}]"
    return text
