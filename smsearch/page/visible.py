"""Makes HTML of what records hold: markup is escaped, and characters without a shape of their own are written out.

A control character or one that turns the direction of writing round would make a reader see another name than the one
that is there; it is written as Python would (backslash, `u202e`), as the command's tables do. Knows no screen.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from smsearch.messages import visible

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def environment() -> Environment:
    """The templates of the package. Whatever they show is escaped, whether or not a template says so."""
    templates = Environment(
        loader=PackageLoader("smsearch.page"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(lines=lines, count=count, steps=steps, visible=visible)
    return templates


def html(template: str, values: Mapping[str, object]) -> bytes:
    """A template filled in, in UTF-8."""
    return environment().get_template(template).render(values).encode()


def compile_templates() -> None:
    """Makes ready what the first screens would wait for."""
    for template in environment().list_templates():
        environment().get_template(template)


def lines(text: str) -> Markup:
    """A text of several lines for a `pre` element: line feeds stay, all else is as everywhere."""
    return Markup("\n").join(escape(visible(line)) for line in text.split("\n"))


def count(number: int) -> str:
    """A count as people read it: `1,284`."""
    return f"{number:,}"


def steps(share: float) -> int:
    """A share from 0 to 1 in twentieths, for the style sheet's bars; what is there has one at least."""
    return min(max(round(share * 20), 1), 20) if share > 0 else 0


def _visible(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
