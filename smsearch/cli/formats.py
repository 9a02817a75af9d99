"""The formats of an answer: their names, their suffixes, and the columns that each writes by default.

The writer of a format is imported when it is used.
"""

from __future__ import annotations

import importlib
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO, Final

from smsearch.cli.usage import UsageError
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from smsearch.writers.answer import Answer


class DefaultColumns(Enum):
    """What a format writes of a record where no columns are chosen."""

    NONE = "whole documents, or names alone"
    SUMMARY = "what tells a person one record from another"
    ALL = "every property that a match has"


@frozen
class Format:
    """A way to write matches.

    Attributes:
        name: As `--format` takes it.
        columns: What it writes where no columns are chosen.
        writer: Module and function; `""` for `aws`, which is a response, and for `names`, which need no document.
        suffixes: Of files that are written in it.
        is_binary: Whether it is made of Arrow's batches, and refused on a terminal.
    """

    name: str
    columns: DefaultColumns
    writer: str
    suffixes: tuple[str, ...] = ()
    is_binary: bool = False

    def write(self, stream: BinaryIO, answer: Answer | pa.RecordBatchReader) -> None:
        """Writes an answer to a stream: of a binary format its batches."""
        module, _, function = self.writer.partition(":")
        write: Callable[[BinaryIO, Answer | pa.RecordBatchReader], None] = getattr(
            importlib.import_module(f"smsearch.writers.{module}"), function
        )
        write(stream, answer)


FORMATS: Final = {
    written.name: written
    for written in (
        Format("table", DefaultColumns.SUMMARY, "tables:write_table", (".txt",)),
        Format("long", DefaultColumns.SUMMARY, "tables:write_long"),
        Format("jsonl", DefaultColumns.NONE, "documents:write_lines", (".jsonl", ".ndjson")),
        Format("json", DefaultColumns.NONE, "documents:write_array", (".json",)),
        Format("aws", DefaultColumns.NONE, ""),
        Format("csv", DefaultColumns.ALL, "delimited:write_csv", (".csv",)),
        Format("tsv", DefaultColumns.ALL, "delimited:write_tsv", (".tsv",)),
        Format("parquet", DefaultColumns.ALL, "arrow:write_parquet", (".parquet", ".pq"), is_binary=True),
        Format("arrow", DefaultColumns.ALL, "arrow:write_arrow", (".arrow", ".feather", ".ipc"), is_binary=True),
        Format("md", DefaultColumns.SUMMARY, "tables:write_markdown", (".md",)),
        Format("names", DefaultColumns.NONE, ""),
    )
}


def choose(name: str | None, output: str | None, allowed: Sequence[str], *, on_terminal: bool) -> Format:
    """The format that is asked for, else the file's own, else a table on a terminal and JSON lines elsewhere.

    Raises:
        UsageError: A suffix of no format; a binary format on a terminal.
    """
    if name is None and output is not None and output != "-":
        from pathlib import PurePath

        suffix = PurePath(output).suffix.lower()
        name = next((form.name for form in FORMATS.values() if suffix in form.suffixes and form.name in allowed), None)
        if name is None:
            raise UsageError(f"-o {output}: no format has the suffix {suffix!r}; say which with -f")
    form = FORMATS[name or ("table" if on_terminal else "jsonl")]
    if form.is_binary and on_terminal:
        raise UsageError(f"-f {form.name} is not for a terminal: write it to a file with -o")
    return form
