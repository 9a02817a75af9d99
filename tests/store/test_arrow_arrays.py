"""Arrow arrays are made of NumPy's, and read, as pyarrow itself does it, and no pandas is loaded for it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.store import arrow_arrays

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_BUILD = """
import sys
import smsearch
smsearch.build([sys.argv[1]], sys.argv[2])
smsearch.build([sys.argv[1]], sys.argv[2], add=True)
sys.exit("pandas" in sys.modules)
"""


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), max_size=8))
def test_texts(texts: list[str]) -> None:
    made = arrow_arrays.of_texts(texts)
    made.validate(full=True)
    assert made.equals(pa.array(texts, pa.large_string()))


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(UnicodeEncodeError):
        arrow_arrays.of_texts(["a", "\ud800"])


@pytest.mark.parametrize("dtype", [np.uint32, np.int64, np.intp, np.uint64, np.float64])
@pytest.mark.parametrize("part", [slice(None), slice(3, 9), slice(4, 4), slice(None, None, 2)])
def test_numbers(dtype: type, part: slice) -> None:
    numbers: NDArray[Any] = np.arange(11, dtype=dtype)[part]
    made = arrow_arrays.of_numbers(numbers)
    assert made.equals(pa.array(numbers))
    for array in (made, made[1:], made[:0], pa.nulls(0, made.type)):
        again = arrow_arrays.numbers_of(array)
        assert again.dtype == dtype
        assert again.tolist() == array.to_pylist()


@given(truths=st.lists(st.booleans(), max_size=30), start=st.integers(0, 9))
def test_truths(truths: list[bool], start: int) -> None:
    made = arrow_arrays.of_truths(np.array(truths, np.bool_))
    assert made.equals(pa.array(truths, pa.bool_()))
    for array in (made, made[start:], pa.nulls(0, pa.bool_())):
        assert arrow_arrays.truths_of(array).tolist() == array.to_pylist()


def test_a_build_loads_no_pandas(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    arguments = [str(repository / "data" / "exports"), str(tmp_path / "store")]
    subprocess.run([sys.executable, "-c", _BUILD, *arguments], check=True, cwd=repository)
