"""Documents that are compressed one by one with a dictionary of their own, so that a page reads no more than its own.

Documents of one kind have most of their text in common: a dictionary that is trained on some of them has it, and what
is left of each is small. A segment has one dictionary. It knows neither a segment's file nor what a document says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import zstandard

from smsearch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL: Final = 1
"""Of 100,000 jobs, level 9 made documents a quarter smaller, and took six times as long."""
DICTIONARY_BYTES: Final = 64 << 10
SAMPLES_MAX: Final = 2_000
SAMPLES_BYTES_MAX: Final = 16 << 20
"""A dictionary is trained on so many documents and bytes of a segment, at most."""
DOCUMENT_BYTES_MAX: Final = 128 << 20
"""A frame of a kilobyte may say that it holds terabytes. A record of an export has 16 MiB at most, and six times as
many where each byte of it has to be escaped."""
_SAMPLES_MIN: Final = 16
"""Fewer documents are compressed without a dictionary: it would be as large as they are."""
_SEGMENT_BYTES: Final = 1_024
_DMER_BYTES: Final = 8
"""What training looks for, given so that it does not try them all out, which takes seconds."""


def trained(samples: Sequence[bytes]) -> bytes:
    """A dictionary for documents like these; `b""` if they are too few or have too little in common."""
    if len(samples) < _SAMPLES_MIN:
        return b""
    try:
        made = zstandard.train_dictionary(DICTIONARY_BYTES, list(samples), k=_SEGMENT_BYTES, d=_DMER_BYTES, level=LEVEL)
    except zstandard.ZstdError:
        return b""
    return made.as_bytes()


class Compressor:
    """Compresses documents with a dictionary."""

    def __init__(self, dictionary: bytes) -> None:
        shared = _shared(dictionary)
        if shared is not None:
            shared.precompute_compress(level=LEVEL)
        self._compress = zstandard.ZstdCompressor(
            level=LEVEL, dict_data=shared, write_checksum=False, write_content_size=True, write_dict_id=False
        ).compress

    def compress(self, document: bytes) -> bytes:
        """The frame of a document.

        Raises:
            StoreError: The document is larger than those that `Expander` expands.
        """
        if len(document) > DOCUMENT_BYTES_MAX:
            raise StoreError(
                f"A document of {len(document):,} bytes is larger than the {DOCUMENT_BYTES_MAX:,} that are compressed.",
                hint="Index without --compress.",
            )
        return self._compress(document)


class Expander:
    """Expands what `Compressor` compressed with the same dictionary.

    A frame that is none raises `ValueError`.
    """

    def __init__(self, dictionary: bytes) -> None:
        self._expand = zstandard.ZstdDecompressor(dict_data=_shared(dictionary)).decompress

    def expand(self, frame: bytes) -> bytes:
        """The document of a frame.

        Raises:
            ValueError: It is no frame, not of this dictionary, or says that it holds more than a document may have.
        """
        try:
            size = zstandard.frame_content_size(frame)
            document = self._expand(frame) if size <= DOCUMENT_BYTES_MAX else None
        except (zstandard.ZstdError, MemoryError) as error:
            raise ValueError(str(error)) from None
        if document is None:
            raise ValueError(f"It says that it holds {size:,} bytes.")
        return document


def _shared(dictionary: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(dictionary) if dictionary else None
