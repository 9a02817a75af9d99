"""An Arrow table as a data frame of pandas that changes no value, or of Polars.

pandas has two types for an integer, and by default makes a double of each where one is absent. It knows tables
and libraries, no record.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from smsearch.errors import MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Callable


def pandas_of(table: pa.Table) -> Any:  # noqa: ANN401 - pandas is no dependency
    """The table as a data frame: `int64` as `Int64`, `bool` as `boolean`, all else as pyarrow does it.

    The types do not depend on whether a value is absent, so that frames of two queries fit each other.

    Raises:
        MissingLibraryError: pandas is not installed.
    """
    return table.to_pandas(types_mapper=_types(_library("pandas")))


def _types(pandas: Any) -> Callable[[pa.DataType], object]:  # noqa: ANN401 - pandas is no dependency
    """The pandas type of an Arrow type, or None where pyarrow's choice loses nothing."""
    return {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype()}.get


def polars_of(table: pa.Table) -> Any:  # noqa: ANN401 - polars is no dependency
    """The table as a Polars data frame.

    Raises:
        MissingLibraryError: Polars is not installed.
    """
    return _library("polars").from_arrow(table)


def _library(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingLibraryError(f"{name} is not installed.", hint=f"pip install {name}") from None
