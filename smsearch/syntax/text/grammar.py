"""Finds `grammar/search.lark` and makes the parser of it, once a process.

The grammar lies at the root of a checkout and inside the package of a wheel. What lark works out of it is kept where
Python keeps this module's bytecode, if it does: reading it takes 3 ms, working it out 40. Knows nothing of what a text
means, and is the only module that calls lark's parser.
"""

from __future__ import annotations

from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lark import Lark, UnexpectedInput

from smsearch.errors import SmsearchError
from smsearch.syntax.text.complaint import complaint
from smsearch.syntax.text.transformer import Builder

if TYPE_CHECKING:
    from smsearch.syntax.text.tree import Sentence

TABLES: Final = Path(cache_from_source(__file__)).with_suffix(".tables")
_FILE: Final = "search.lark"


def sentence(text: str) -> Sentence:
    """What a text says.

    Raises:
        Refusal: The grammar has no such sentence, or the API cannot say it.
    """
    try:
        # With a transformer inside, the parser gives what `start` was made into; lark's types do not know.
        return parser().parse(text)  # type: ignore[return-value]
    except UnexpectedInput as unexpected:
        raise complaint(text, unexpected) from None


@cache
def parser() -> Lark:
    """The parser, which builds sentences."""
    return Lark(
        source(),
        parser="lalr",
        lexer="contextual",
        transformer=Builder(),
        maybe_placeholders=True,
        cache=str(TABLES),  # lark works them out again if they are of another grammar, Python or lark, or damaged
    )


def source() -> str:
    """The text of the grammar.

    Raises:
        SmsearchError: The installation is not whole.
    """
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "grammar", package.parent / "grammar"):  # a wheel's, a checkout's
        if (folder / _FILE).is_file():
            return (folder / _FILE).read_text(encoding="utf-8")
    raise SmsearchError(f"{_FILE} is missing from this installation.", hint="Install smsearch again.")
