"""The kinds of records that `--resource` names, in any case. The catalogue is loaded when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def kinds() -> Sequence[str]:
    """Every kind of record."""
    from smsearch.schema import catalogue

    return catalogue.kinds()


def kind(text: str) -> str:
    """The kind of record of a name in any case, or of the beginning of its name alone.

    Raises:
        UsageError: There is none, or there are several.
    """
    from smsearch.errors import InvalidValueError
    from smsearch.schema import catalogue

    try:
        return catalogue.kind_named(text)
    except InvalidValueError as error:
        raise UsageError(f"{error.message} {error.hint}") from None
