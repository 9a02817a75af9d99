"""The tables and data frames of what can be read as a stream of Arrow record batches. It knows no query."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa


class Tabular(ABC):
    """What has columns, chosen by their names."""

    @abstractmethod
    def to_reader(self, columns: Iterable[str] | str | None = None, *more: str) -> pa.RecordBatchReader:
        """The rows as a stream of Arrow record batches, made as they are asked for; see `to_arrow`."""

    def to_arrow(self, columns: Iterable[str] | str | None = None, *more: str) -> pa.Table:
        """The result as an Arrow table: times in UTC to the microsecond, lists as lists, absent as null.

        A list of structures is JSON text; a hyperparameter is a number where every record's value spells one.

        Args:
            columns: Names and aliases, as `names` of `columns_of`, `Tags.team AS team` under another name.
            more: Further names.

        Raises:
            UnknownPropertyError: As for `columns_of`.
        """
        return self.to_reader(columns, *more).read_all()

    def to_pandas(self, columns: Iterable[str] | str | None = None, *more: str) -> Any:  # noqa: ANN401
        """The result as a pandas data frame, if pandas is installed; see `to_arrow`.

        Integers are `Int64` and truth values `boolean`, whether or not one is absent; an absent one is `pandas.NA`.
        """
        from smsearch.frames import data_frames

        return data_frames.pandas_of(self.to_arrow(columns, *more))

    def to_polars(self, columns: Iterable[str] | str | None = None, *more: str) -> Any:  # noqa: ANN401
        """The result as a Polars data frame, if Polars is installed; see `to_arrow`."""
        from smsearch.frames import data_frames

        return data_frames.polars_of(self.to_arrow(columns, *more))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The result for any reader of Arrow's C stream interface: pandas, Polars, DuckDB, pyarrow."""
        return self.to_reader().__arrow_c_stream__(requested_schema)
