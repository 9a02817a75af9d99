"""The AWS CLI's shorthand: `Filters=[{Name=Tags.team,Operator=Equals,Value=ml}],Operator=Or`.

A value is a list in brackets, a structure in braces, a quoted text, or what reaches to the next comma or
closing bracket. It knows no member of the request.
"""

from __future__ import annotations

import re
from typing import Final

from smsearch.errors import LimitExceededError, ShapeError

_KEY: Final = re.compile(r"\s*([A-Za-z0-9_.:-]+)\s*=\s*")
_QUOTED: Final = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_BARE: Final = re.compile(r"(?:[^,\]}\\]|\\.)*", re.DOTALL)
_DEPTH_MAX: Final = 100


def read(text: str, option: str) -> dict[str, object]:
    """The structure that a text spells.

    Args:
        text: The value of an option.
        option: Its name, for messages.

    Raises:
        ShapeError: It spells none.
        LimitExceededError: It is nested too deeply.
    """
    reader = _ShorthandReader(text, option)
    structure = reader.members("")
    if reader.at < len(text):
        raise reader.error()
    return structure


class _ShorthandReader:
    """Reads a text from its beginning; `at` is how far it has come."""

    def __init__(self, text: str, option: str) -> None:
        self.at = 0
        self._text = text
        self._option = option
        self._depth = 0

    def error(self) -> ShapeError:
        return ShapeError(
            f"{self._option} is neither JSON nor shorthand: unexpected {self._text[self.at : self.at + 20]!r}."
        )

    def members(self, end: str) -> dict[str, object]:
        """Key=value pairs up to and with the closing brace; up to the end of the text where `end` is `""`."""
        members: dict[str, object] = {}
        while True:
            key = _KEY.match(self._text, self.at)
            if key is None:
                raise self.error()
            self.at = key.end()
            members[key[1]] = self._value()
            if not self._goes_on(end):
                return members

    def _goes_on(self, end: str) -> bool:
        """Whether a comma follows; otherwise the end has to."""
        self._skip_blanks()
        if self._text.startswith(",", self.at):
            self.at += 1
            return True
        if end and not self._text.startswith(end, self.at):
            raise self.error()
        self.at += len(end)
        return False

    def _value(self) -> object:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise LimitExceededError(f"{self._option} is nested more than {_DEPTH_MAX} deep.")
        self._skip_blanks()
        opening = self._text[self.at : self.at + 1]
        if opening in {"[", "{"}:
            self.at += 1
        value: object
        match opening:
            case "[":
                value = self._elements()
            case "{":
                value = self.members("}")
            case _:
                value = self._word()
        self._depth -= 1
        return value

    def _elements(self) -> list[object]:
        elements: list[object] = []
        self._skip_blanks()
        if self._text.startswith("]", self.at):
            self.at += 1
            return elements
        while True:
            elements.append(self._value())
            if not self._goes_on("]"):
                return elements

    def _word(self) -> str:
        quoted = _QUOTED.match(self._text, self.at)
        if quoted is not None:
            self.at = quoted.end()
            return re.sub(r"\\(.)", r"\1", quoted[1] if quoted[1] is not None else quoted[2], flags=re.DOTALL)
        bare = _BARE.match(self._text, self.at)
        if bare is None:  # pragma: no cover - it matches nothing at least
            raise self.error()
        self.at = bare.end()
        return re.sub(r"\\(.)", r"\1", bare[0].strip(), flags=re.DOTALL)

    def _skip_blanks(self) -> None:
        while self._text[self.at : self.at + 1].isspace():
            self.at += 1
