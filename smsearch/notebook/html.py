"""HTML as a type of its own, so that a type checker finds a text that nobody escaped.

There is no script and no style sheet: notebooks remove both. Colours are those around, so that dark themes work.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NewType

from smsearch.messages import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Html = NewType("Html", str)

ROWS_MAX: Final = 20
"""Rows of a table that a notebook shows."""
_BAR_WIDTH: Final = 12
"""The length of the longest bar, in letters."""


def text(value: object) -> Html:
    """A text escaped; what is invisible or changes the direction of the text becomes a visible escape."""
    return Html(escape(visible(str(value))))


def element(tag: str, parts: Iterable[Html], style: str = "") -> Html:
    """An element around its parts; `tag` and `style` are the caller's own words, never those of a record."""
    attribute = f' style="{style}"' if style else ""
    return Html(f"<{tag}{attribute}>{''.join(parts)}</{tag}>")


def figure(caption: str, parts: Iterable[Html], remarks: Iterable[str] = ()) -> str:
    """What a notebook shows: a caption, some parts, and a line for each remark; wide parts can be scrolled."""
    below = [element("div", [text(remark)], "opacity:.7") for remark in remarks]
    head = element("div", [element("b", [text(caption)])])
    return element("div", [head, *parts, *below], "overflow-x:auto")


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[bool], shares: Sequence[float] = ()
) -> Html:
    """A table of texts.

    Args:
        header: The heading of each column.
        rows: As many cells each.
        numeric: Which columns are aligned to the right.
        shares: For each row the length of a bar behind it, from 0 to 1; `()` for no bars.
    """
    aligns = ["text-align:right" if is_numeric else "text-align:left" for is_numeric in numeric]
    names = [element("th", [text(name)], align) for name, align in zip(header, aligns, strict=True)]
    head = element("tr", [*names, element("th", ())] if shares else names)
    lines = [[element("td", [text(cell)], align) for cell, align in zip(row, aligns, strict=True)] for row in rows]
    for line, share in zip(lines, shares, strict=False):
        line.append(element("td", [_bar(share)], "text-align:left"))
    body = element("tbody", [element("tr", line) for line in lines])
    return element("table", [element("thead", [head]), body])


def _bar(share: float) -> Html:
    """A bar in the colour of the text around it."""
    width = f"width:{share * _BAR_WIDTH:.2f}em"
    return element("div", (), f"{width};height:.8em;background:currentColor;opacity:.5")


def nested(label: str, parts: Sequence[Html]) -> Html:
    """An item of a list, with the items below it."""
    below = [element("ul", parts, "margin:0;list-style:none;padding-left:1.5em")] if parts else []
    return element("li", [text(label), *below])
