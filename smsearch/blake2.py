"""BLAKE2b, without OpenSSL: `hashlib` loads that before it, which takes a process 5 ms."""

from __future__ import annotations

try:
    from _blake2 import blake2b  # what hashlib gives
except ImportError:  # pragma: no cover - a Python that is built otherwise
    from hashlib import blake2b

__all__ = ["blake2b"]
