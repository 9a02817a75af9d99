"""How a message words a place, a value and a guess; the same for JSON and for text.

It knows the service's habits of wording, and nothing of what is being refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN_LENGTH_MAX: Final = 80
"""Characters of a caller's text that a message repeats; a megabyte of it would hide the message."""


def service_path(path: str) -> str:
    """A JSON path as the service writes it.

    `SearchExpression.Filters[0].Name` is `searchExpression.filters.1.member.name`.
    """
    members = (member[:1].lower() + member[1:] for member in path.split("."))
    return re.sub(r"\[(\d+)\]", lambda index: f".{int(index[1]) + 1}.member", ".".join(members))


def violation(path: str, constraint: str, value: str | None = None) -> str:
    """A violated constraint in the service's own form."""
    shown = "Value" if value is None else f"Value '{shortened(value)}'"
    return (
        f"1 validation error detected: {shown} at '{service_path(path)}' failed to satisfy constraint: "
        f"Member must {constraint}"
    )


def shortened(text: str) -> str:
    """The text as a message can hold it: on one line, not too long, with nothing invisible in it."""
    return visible(text if len(text) <= SHOWN_LENGTH_MAX else text[: SHOWN_LENGTH_MAX - 3] + "...")


def visible(text: str) -> str:
    """A text on one line: a line feed, a colour code, a change of direction and the like become escapes."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(letter: str) -> str:
    return letter if letter.isprintable() else repr(letter)[1:-1]


def nearest(name: str, names: Iterable[str]) -> str:
    """The name of several that differs least from one, whatever its case; `""` if none is near."""
    import difflib

    spellings: dict[str, str] = {}
    for candidate in names:
        spellings.setdefault(candidate.lower(), candidate)
    close = difflib.get_close_matches(name[:SHOWN_LENGTH_MAX].lower(), spellings, n=1)
    return spellings[close[0]] if close else ""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A hint with the nearest of some names, or `""`."""
    near = nearest(name, names)
    return f"Did you mean '{near}'?" if near else ""


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 record`, `1,284 matches`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a sentence lists them: `a, b or c`."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def is_unicode(text: str) -> bool:
    """Whether the text can be sent at all: half of a surrogate pair has no encoding."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
