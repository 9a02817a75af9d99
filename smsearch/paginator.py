"""A paginator over Search with the interface of boto3's, for code that moves over unchanged.

It knows a search function, and how botocore spells the token of a listing that was cut in the middle of a page.
"""

from __future__ import annotations

import base64
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import MissingLibraryError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_CONFIG: Final = ("MaxItems", "PageSize", "StartingToken")
_TOKEN: Final = "NextToken"  # noqa: S105 - a member's name
_PASSED_OVER: Final = "boto_truncate_amount"
"""What botocore calls the results of a page that came before the cut."""


class PageIterator:
    """The pages of one request, each a Search response; every iteration begins anew."""

    def __init__(
        self, search: Callable[..., dict[str, Any]], members: dict[str, object], max_items: int | None, passed_over: int
    ) -> None:
        self._search = search
        self._members = members
        self._max_items = max_items
        self._passed_over = passed_over
        self._resume_token: str | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        members, remaining, passed_over = dict(self._members), self._max_items, self._passed_over
        self._resume_token = None
        while True:
            page = self._search(**members)
            results = page["Results"] = page["Results"][passed_over:]
            if remaining is not None and len(results) > remaining:
                page["Results"] = results[:remaining]
                self._resume_token = _spelled({_TOKEN: members.get(_TOKEN), _PASSED_OVER: remaining + passed_over})
                yield page
                return
            yield page
            if _TOKEN not in page:
                return
            if remaining is not None:
                remaining -= len(results)
                if not remaining:
                    self._resume_token = _spelled({_TOKEN: page[_TOKEN]})
                    return
            members[_TOKEN], passed_over = page[_TOKEN], 0

    @property
    def resume_token(self) -> str | None:
        """The StartingToken that goes on where MaxItems ended the last iteration; None if it did not."""
        return self._resume_token

    def build_full_result(self) -> dict[str, Any]:
        """All pages as one response: `Results` of all, the last page's other members.

        Its NextToken is the StartingToken that goes on, if MaxItems left something out.
        """
        results: list[Any] = []
        last: dict[str, Any] = {}
        for page in self:
            results.extend(page["Results"])
            last = page
        whole = {name: value for name, value in last.items() if name != _TOKEN} | {"Results": results}
        return whole if self._resume_token is None else {**whole, _TOKEN: self._resume_token}

    def search(self, expression: str) -> Iterator[Any]:
        """What a JMESPath expression finds in each page; of a list, its elements.

        Raises:
            MissingLibraryError: jmespath, which comes with boto3, is not installed.
        """
        try:
            jmespath = import_module("jmespath")
        except ModuleNotFoundError:
            hint = "It comes with boto3: pip install boto3."
            raise MissingLibraryError("Searching pages needs jmespath, which is not installed.", hint=hint) from None
        compiled = jmespath.compile(expression)
        for page in self:
            matches = compiled.search(page)
            if isinstance(matches, list):
                yield from matches
            else:
                yield matches


class Paginator:
    """What `get_paginator("search")` gives."""

    def __init__(self, search: Callable[..., dict[str, Any]]) -> None:
        self._search = search

    def paginate(
        self,
        *,
        PaginationConfig: Mapping[str, Any] | None = None,  # noqa: N803 - boto3's spelling
        **members: object,
    ) -> PageIterator:
        """The pages of a Search request.

        Args:
            PaginationConfig: `MaxItems` in all, `PageSize` (the request's MaxResults), `StartingToken` (a NextToken,
                or the `resume_token` of this paginator or of boto3's); spelled as boto3 does.
            members: The request, as for `search`.

        Raises:
            ShapeError: A PaginationConfig member that boto3 does not have, or a number that is none.
        """
        config = dict(PaginationConfig or {})
        for name in config:
            if name not in _CONFIG:
                path = f"PaginationConfig.{name}"
                raise ShapeError(
                    f"Unknown pagination parameter '{name}'.", path=path, hint=f"It has {', '.join(_CONFIG)}."
                )
        size, passed_over = _number(config, "PageSize"), 0
        if size is not None:
            members["MaxResults"] = size
        if config.get("StartingToken") is not None:
            members[_TOKEN], passed_over = _place(config["StartingToken"])
        return PageIterator(self._search, members, _number(config, "MaxItems"), passed_over)


def _number(config: Mapping[str, Any], name: str) -> int | None:
    """A number of records, or its digits."""
    value = config.get(name)
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise ShapeError(
            f"{name} is no number of records: {value!r}.", path=f"PaginationConfig.{name}", hint="Give a whole number."
        )
    return number


def _spelled(token: dict[str, object]) -> str:
    return base64.b64encode(json.dumps(token).encode()).decode("ascii")


def _place(token: object) -> tuple[object, int]:
    """The NextToken that a StartingToken stands for, and the results of its page that were given before."""
    try:
        position = json.loads(base64.b64decode(str(token)))
    except ValueError:
        return token, 0
    if not isinstance(position, dict) or _TOKEN not in position or position.keys() - {_TOKEN, _PASSED_OVER}:
        return token, 0
    passed_over = position.get(_PASSED_OVER, 0)
    return (position[_TOKEN], passed_over) if type(passed_over) is int and passed_over >= 0 else (token, 0)
