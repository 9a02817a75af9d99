"""A figure as a file: HTML that needs no network, SVG, PNG, PDF, or the specification as JSON.

vl-convert draws without a browser; it is in the extra `plots`. JSON needs nothing. The HTML is our own, so
that what records hold is escaped as everywhere.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

import orjson

from smsearch.plots.browser_script import browser_script
from smsearch.plots.library import library

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.plots.figure import Figure, Spec

FORMATS: Final = ("html", "svg", "png", "pdf", "json")
_PNG_SCALE: Final = 2
"""Pixels of the image a pixel of the figure."""
_NUMBERED: Final = r"""(id="|url\(#)(gradient_|clip)([0-9]+)(?=["\)])"""
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<script>{script}</script>
</head>
<body>
<div id="figure"></div>
<script id="spec" type="application/json">{spec}</script>
<script>
const spec = JSON.parse(document.getElementById("spec").textContent);
vegaEmbed("#figure", spec, {{ actions: false, renderer: "svg", ast: true }});
</script>
</body>
</html>
"""


def rendered(figure: Figure, form: str) -> bytes:
    """A figure in one of `FORMATS`.

    Raises:
        MissingLibraryError: The extra `plots` is not installed.
    """
    spec = figure.spec()
    if form == "json":
        return orjson.dumps(spec, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    convert = library("vl_convert")
    make: Callable[[], str | bytes] = {
        "html": lambda: _page(spec),
        "svg": lambda: _renumbered(convert.vegalite_to_svg(spec)),
        "png": lambda: convert.vegalite_to_png(spec, scale=_PNG_SCALE),
        "pdf": lambda: convert.vegalite_to_pdf(spec),
    }[form]
    content = make()
    return content.encode() if isinstance(content, str) else content


def _renumbered(svg: str) -> str:
    """The image with its gradients and clips numbered from 0; Vega counts on from one image to the next."""
    numbers: dict[str, dict[str, int]] = {"gradient_": {}, "clip": {}}

    def renumber(match: re.Match[str]) -> str:
        own = numbers[match[2]]
        return f"{match[1]}{match[2]}{own.setdefault(match[3], len(own))}"

    return re.sub(_NUMBERED, renumber, svg)


def script_safe(spec: Spec) -> str:
    """JSON for the inside of a `script` element: nothing in it ends the element or begins a comment."""
    return orjson.dumps(spec).decode().replace("<", "\\u003c")


def _page(spec: Spec) -> str:
    script = browser_script().decode().replace("</script", "<\\/script")
    return _PAGE.format(title=escape(spec["title"]["text"]), script=script, spec=script_safe(spec))
