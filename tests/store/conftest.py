"""Small stores with every index that large ones have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsearch.store import trigrams

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def small_dictionaries_are_indexed() -> Iterator[None]:
    """Dictionaries of some thirty texts have trigrams, while the tests of a module run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trigrams, "INDEXED_FROM", 30)
        yield
