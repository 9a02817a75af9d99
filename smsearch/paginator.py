"""A paginator over Search with the interface of boto3's, for code that moves over unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_CONFIG = ("MaxItems", "PageSize", "StartingToken")


class PageIterator:
    """The pages of one request, each a Search response; every iteration begins anew."""

    def __init__(
        self, search: Callable[..., dict[str, Any]], members: dict[str, object], max_items: int | None
    ) -> None:
        self._search = search
        self._members = members
        self._max_items = max_items

    def __iter__(self) -> Iterator[dict[str, Any]]:
        members = dict(self._members)
        left = self._max_items
        while left is None or left > 0:
            page = self._search(**members)
            if left is not None and len(page["Results"]) > left:
                page["Results"] = page["Results"][:left]
            yield page
            if left is not None:
                left -= len(page["Results"])
            if "NextToken" not in page:
                return
            members["NextToken"] = page["NextToken"]

    def build_full_result(self) -> dict[str, Any]:
        """All pages as one response: `Results` of all, the last page's other members, no NextToken."""
        whole: dict[str, Any] = {"Results": []}
        for page in self:
            results = whole["Results"] + page["Results"]
            whole = {name: value for name, value in page.items() if name != "NextToken"}
            whole["Results"] = results
        return whole


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
            PaginationConfig: `MaxItems` in all, `PageSize` (the request's MaxResults), `StartingToken`;
                spelled as boto3 does.
            members: The request, as for `search`.

        Raises:
            ShapeError: A PaginationConfig member that boto3 does not have.
        """
        config = dict(PaginationConfig or {})
        for name in config:
            if name not in _CONFIG:
                path = f"PaginationConfig.{name}"
                raise ShapeError(
                    f"Unknown pagination parameter '{name}'.", path=path, hint=f"It has {', '.join(_CONFIG)}."
                )
        if config.get("PageSize") is not None:
            members["MaxResults"] = int(config["PageSize"])
        if config.get("StartingToken"):
            members["NextToken"] = config["StartingToken"]
        max_items = config.get("MaxItems")
        return PageIterator(self._search, members, None if max_items is None else int(max_items))
