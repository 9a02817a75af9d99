"""A test that skips itself says why in words that `tests/conftest.py` allows; any other skip is a failure.

That may be a machine that nobody here has, without a compiler for instance, so the reasons are read and not met.
"""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from tests.conftest import ALLOWED_SKIPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _reasons(source: str) -> Iterator[str]:
    """The reasons in some source, those that are put together at run time left out."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            said = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
            said += call.args[:1] if call.func.attr == "skip" else []
            if call.func.attr in ("skip", "skipif", "importorskip"):
                yield from (one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_reason_to_skip_is_allowed(repository: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in sorted((repository / "tests").rglob("*.py"))]
    reasons = {reason for source in sources for reason in _reasons(source)}
    assert "there is no compiler" in reasons
    assert [reason for reason in sorted(reasons) if not any(fnmatch(reason, one) for one in ALLOWED_SKIPS)] == []
