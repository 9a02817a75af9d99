"""NumPy arrays and lists of texts as Arrow arrays, and back, over their buffers.

`pa.array` and `to_numpy` load pandas where it is installed, to see whether it made what they are given: half of the
imports of an addition of a thousand records. Nothing here is absent (null). It knows no column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def of_numbers(numbers: NDArray[Any]) -> Any:  # noqa: ANN401 - Arrow ships no types
    """Numbers as an Arrow array of their type, without a copy if they lie one after another."""
    import pyarrow as pa

    contiguous = np.ascontiguousarray(numbers)
    buffers = [None, pa.py_buffer(contiguous)]
    return pa.Array.from_buffers(pa.from_numpy_dtype(numbers.dtype), len(numbers), buffers)


def of_truths(truths: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - Arrow ships no types
    """Truth values as an Arrow array, a bit each."""
    import pyarrow as pa

    bits = np.packbits(truths, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(truths), [None, pa.py_buffer(bits)])


def of_texts(texts: Sequence[str]) -> Any:  # noqa: ANN401 - Arrow ships no types
    """Texts as a large_string array.

    Raises:
        UnicodeEncodeError: One holds half of a surrogate pair.
    """
    import pyarrow as pa

    whole = "".join(texts)
    sized = texts if whole.isascii() else [text.encode() for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, sized), np.int64, len(texts)), out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(whole.encode())]
    return pa.Array.from_buffers(pa.large_string(), len(texts), buffers)


def numbers_of(array: Any) -> NDArray[Any]:  # noqa: ANN401 - Arrow ships no types
    """The numbers of an Arrow array, integers or doubles, without a copy."""
    dtype = np.dtype(str(array.type))  # `to_pandas_dtype` of an older pyarrow loads pandas
    _, numbers = array.buffers()
    if numbers is None:
        return np.empty(0, dtype)
    return np.frombuffer(numbers, dtype)[array.offset : array.offset + len(array)]


def truths_of(array: Any) -> NDArray[np.bool_]:  # noqa: ANN401 - Arrow ships no types
    """The truth values of an Arrow array, a byte each."""
    _, bits = array.buffers()
    if bits is None:
        return np.empty(0, np.bool_)
    every = np.unpackbits(np.frombuffer(bits, np.uint8), count=array.offset + len(array), bitorder="little")
    return every[array.offset :].astype(np.bool_)
