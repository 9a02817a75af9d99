"""Matches as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from smsearch.orjson_later import orjson
from smsearch.writers.answer import documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.writers.answer import Answer


def write_lines(stream: BinaryIO, answer: Answer) -> None:
    """A JSON object a line."""
    write_objects(stream, "jsonl", documents(answer))


def write_array(stream: BinaryIO, answer: Answer) -> None:
    """One JSON array, indented."""
    write_objects(stream, "json", documents(answer))


def write_objects(stream: BinaryIO, form: str, objects: Iterable[object]) -> None:
    """JSON-ready objects: in the form `jsonl` one a line, in `json` an indented array, written element by element."""
    if form == "jsonl":
        stream.writelines(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in objects)
        return
    from smsearch.writers import indented

    indented.write_array(stream, map(orjson.dumps, objects))
