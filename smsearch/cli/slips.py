"""Command lines with a common slip, each with the one line that helps: words in another order, missing quotes or verbs.

It knows no verb and reads no file but to see whether it is there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smsearch.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OPERATORS: Final = frozenset(
    {"=", "==", "!=", "<>", "<", "<=", ">", ">=", "contains", "in", "between", "like", "ilike", "is", "exists"}
    | {"not", "and", "or", "order", "by", "limit", "group", "select"}
)
_CONDITION: Final = r"[=<>]|\s(?:contains|in|between|like|ilike|is|exists)\b"
_OPTIONS: Final = {
    "--query": "there is no JMESPath here: choose columns with -c TrainingJobName, or write names with -f names",
    "--max-results": "-n says how many, and --page-size with -f aws",
    "--max-items": "-n says how many",
    "--sort-by": "write ORDER BY in the query",
    "--filter": "the query is the last argument",
    "--search-expression": "the query is the last argument, and may be JSON",
    "--where": "the query is the last argument",
}


def looks_like_query(argument: str) -> bool:
    """Whether a text reads like conditions, JSON or a file of a query, and not like a name or a path."""
    return argument[:1] in {"{", "@"} or re.search(_CONDITION, argument, re.IGNORECASE) is not None


def refuse_query_first(arguments: Sequence[str], is_source: Callable[[str], bool]) -> None:
    """Refuses a query before its source.

    Raises:
        UsageError: The last argument is a source, and one before it reads like a query.
    """
    if len(arguments) > 1 and is_source(arguments[-1]):
        query = next((one for one in arguments if not is_source(one) and looks_like_query(one)), None)
        if query is not None:
            sources = [one for one in arguments if one != query]
            raise UsageError(f"the query comes last: {_shell_line([*sources, query])}")


def refuse_unquoted(arguments: Sequence[str], is_source: Callable[[str], bool]) -> None:
    """Refuses a query whose words the shell has taken apart.

    Raises:
        UsageError: Several arguments at the end are no sources, and one of them is an operator.
    """
    count = next((at for at, one in enumerate(arguments) if not is_source(one)), len(arguments))
    words = arguments[count:]
    if len(words) > 1 and any(word.lower() in _OPERATORS for word in words):
        query = " ".join(words)
        raise UsageError(f"quote the query: {_shell_line([*arguments[:count], query])}")


def refuse_missing_query(arguments: Sequence[str], is_source: Callable[[str], bool]) -> None:
    """Refuses a `why` whose last argument is the record.

    Raises:
        UsageError: The last argument follows a source and does not read like a query.
    """
    *_, before, last = arguments
    if last and is_source(before) and not looks_like_query(last):
        shown = _shell_line([*arguments, ""])
        raise UsageError(f"the query is missing: it follows the record, and '' is every record: {shown}")


def refuse_record_last(record: str, query: str) -> None:
    """Refuses the two last arguments of `why` in the wrong order.

    Raises:
        UsageError: The name reads like a query, and the query does not.
    """
    if looks_like_query(record) and not looks_like_query(query):
        raise UsageError(f"why takes NAME, then QUERY: {_shell_line([query, record])}")


def missing_verb(arguments: Sequence[str]) -> str:
    """What was probably meant by a command without a verb, or `""`."""
    import os

    first = arguments[0]
    if not os.path.lexists(first) and not looks_like_query(first):
        return ""
    return f"there is no verb {first!r}; did you mean `smsearch search {_shell_line(arguments)}`?"


def option_hint(name: str) -> str:
    """What to write instead of an option that other programs have, or `""`."""
    return _OPTIONS.get(name, "")


def _shell_line(words: Sequence[str]) -> str:
    """Words as a shell takes them."""
    import shlex  # most command lines have no slip

    return shlex.join(words)
