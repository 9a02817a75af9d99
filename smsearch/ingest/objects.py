"""Whatever a caller has in memory as objects that are read one by one; it opens data frames and knows no record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from smsearch.errors import ExportError

_WANTED: Final = (
    "Give a page of Search, the answer of a Describe call, a dict of names to such answers, "
    "an iterable of any of them, or a data frame."
)


class ArrowStream(Protocol):
    """A table of Arrow's C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A capsule with the stream."""


def objects_of(records: object) -> Iterable[object]:
    """The objects that hold the records: rows of a data frame, elements of an iterable, or a mapping alone.

    Args:
        records: A mapping, an iterable, or a data frame of pandas, Polars, or a library whose tables have Arrow's C
            stream interface.

    Raises:
        ExportError: It is none of those.
    """
    match records:
        case str() | bytes():
            raise ExportError("A text holds no records.", hint="smsearch.open reads files and folders.")
        case Mapping():
            return [records] if records else []
    rows = _rows(records)
    if rows is not None:
        return rows
    if not isinstance(records, Iterable):
        raise ExportError(f"{type(records).__name__} holds no records.", hint=_WANTED)
    return records


def _rows(frame: Any) -> list[object] | None:  # noqa: ANN401 - frames of libraries that are no dependencies
    """The rows of a data frame as mappings; None for all else.

    Frames make their own rows where they can: Arrow refuses what pandas holds, such as numbers and texts in one column.
    """
    rows: list[object] | None = None
    if hasattr(frame, "to_dicts"):  # Polars
        rows = frame.to_dicts()
    elif hasattr(frame, "to_dict") and hasattr(frame, "columns"):  # pandas
        rows = frame.to_dict("records")
    elif hasattr(frame, "__arrow_c_stream__"):
        import pyarrow as pa

        try:
            rows = pa.table(frame).to_pylist()
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # a column alone is a stream, too
            raise ExportError(f"{type(frame).__name__} holds no records.", hint=_WANTED) from None
    return rows
