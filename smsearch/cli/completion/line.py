"""Takes a command line up to the cursor apart into words, as a shell does. It knows no verb."""

from __future__ import annotations

from typing import Final

from smsearch.frozen import frozen

_ESCAPED_IN_DOUBLE_QUOTES: Final = '"\\$`'


@frozen
class Line:
    """A command line up to the cursor.

    Attributes:
        words: The words before the last one, without their quotes.
        last: The last word as far as it is written, without its quotes; `""` after a blank.
        quote: The quote that is open at its end, or `""`.
        before_quote: What stands of the last word before that quote.
        raw: The last word as it is written.
    """

    words: tuple[str, ...]
    last: str
    quote: str
    raw: str
    before_quote: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether the last word ends with the quote that closes it, so that nothing follows."""
        return not self.quote and self.raw.endswith(("'", '"')) and not self.raw.endswith(("\\'", '\\"'))


def read(text: str) -> Line:
    """The words of a line, taken apart as a POSIX shell does; what follows a `|` or `;` is a line of its own."""
    words: list[str] = []
    current, quote, start, is_in_word, before_quote = "", "", 0, False, ""
    at = 0
    while at < len(text):
        character = text[at]
        if quote == "'" or (quote and character not in '"\\'):
            current, quote = (current, "") if character == quote else (current + character, quote)
        elif character == "\\":
            at += 1
            current += ("\\" if quote and text[at : at + 1] not in _ESCAPED_IN_DOUBLE_QUOTES else "") + text[
                at : at + 1
            ]
            start, is_in_word = start if is_in_word else at - 1, True
        elif character in "'\"":
            start, is_in_word = start if is_in_word else at, True
            before_quote, quote = ("", "") if quote else (current, character)
        elif character in " \t\n|;&":
            words = [*words, current] if is_in_word else words
            words = [] if character in "|;&" else words
            current, is_in_word = "", False
        else:
            start, is_in_word = start if is_in_word else at, True
            current += character
        at += 1
    return Line(tuple(words), current, quote, text[start:] if is_in_word else "", before_quote if quote else "")
