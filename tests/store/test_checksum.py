"""CRC-32 by isal is that of zlib, and stores are read by either."""

from __future__ import annotations

import os
import zlib

import pytest

from smsearch.store.checksum import crc32
from smsearch.store.footer import CHUNK_BYTES


@pytest.mark.parametrize("size", [0, 1, 15, 255, CHUNK_BYTES - 1, CHUNK_BYTES])
def test_checksums_are_those_of_zlib(size: int) -> None:
    content = os.urandom(size)
    assert crc32(content) == crc32(memoryview(content)) == crc32(bytearray(content)) == zlib.crc32(content)
