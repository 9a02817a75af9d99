"""The kinds of records that `--resource` names, in any case. The catalogue is loaded when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def searchable() -> Sequence[str]:
    """The resources that Search knows."""
    from smsearch.schema import catalogue

    return catalogue.searchable()


def kinds() -> Sequence[str]:
    """Every kind of record."""
    from smsearch.schema import catalogue

    return catalogue.kinds()


def resource(text: str) -> str:
    """The searchable resource of a name in any case.

    Raises:
        UsageError: There is none.
    """
    return _called(text, searchable())


def kind(text: str) -> str:
    """The kind of record of a name in any case.

    Raises:
        UsageError: There is none.
    """
    return _called(text, kinds())


def _called(text: str, names: Sequence[str]) -> str:
    from smsearch.schema import catalogue

    name = catalogue.called(text, names)
    if name is not None:
        return name
    import difflib

    folded = {name.lower(): name for name in names}
    near = difflib.get_close_matches(text.lower(), folded, n=1)
    advice = f"Did you mean {folded[near[0]]}?" if near else f"It is one of {', '.join(names)}."
    raise UsageError(f"there is no resource {text!r}. {advice}")
