"""The service model's patterns of texts, as far as Search has them (row E2).

They are enforced where the API is spoken, in `api/` and by the endpoint; a text query may hold any text. It knows no
request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from unicodedata import category

from smsearch import limits
from smsearch.errors import InvalidValueError
from smsearch.messages import violation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TAG_SIGNS: Final = frozenset("_.:/=+-@")
_TAG_CATEGORIES: Final = frozenset("LZN")
"""Letters, separators and numbers: the first letters of the Unicode categories that `\\p{L}\\p{Z}\\p{N}` stands for."""


def _is_one_line(text: str) -> bool:
    return "\n" not in text


def _is_of_a_tag(text: str) -> bool:
    return all(letter in _TAG_SIGNS or category(letter)[0] in _TAG_CATEGORIES for letter in text)


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    limits.TEXT_PATTERN: _is_one_line,
    limits.HINT_PATTERN: _is_one_line,
    limits.VISIBILITY_PATTERN: _is_of_a_tag,
}


def check_pattern(text: str, pattern: str, path: str) -> None:
    """Passes a text that a pattern of `limits.py` allows; its length is checked elsewhere.

    Raises:
        InvalidValueError: It does not match, in the service's wording.
    """
    if not _TESTS[pattern](text):
        message = violation(path, f"satisfy regular expression pattern: {pattern}", text)
        raise InvalidValueError(message, path=path, row="E2", is_verbatim=True)
