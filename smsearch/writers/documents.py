"""Matches as JSON, and as names."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import orjson

from smsearch.writers.answer import documents

if TYPE_CHECKING:
    from smsearch.writers.answer import Answer


def write_lines(stream: BinaryIO, answer: Answer) -> None:
    """A JSON object a line."""
    stream.writelines(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE) for document in documents(answer))


def write_array(stream: BinaryIO, answer: Answer) -> None:
    """One JSON array, indented, written element by element."""
    separator = b"["
    for document in documents(answer):
        element = orjson.dumps(document, option=orjson.OPT_INDENT_2)
        stream.write(separator + b"\n  " + element.replace(b"\n", b"\n  "))
        separator = b","
    stream.write(b"[]\n" if separator == b"[" else b"\n]\n")


def write_names(stream: BinaryIO, answer: Answer) -> None:
    """A name a line; the ARN of a record that has no name."""
    stream.writelines(f"{record.name or record.arn}\n".encode() for record in answer.records)
