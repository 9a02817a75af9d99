"""The AWS CLI's shorthand."""

from __future__ import annotations

import pytest

from smsearch.dialects import shorthand
from smsearch.errors import LimitExceededError, ShapeError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", {"a": "b"}),
        ("a=b,c=d e", {"a": "b", "c": "d e"}),
        ("a=", {"a": ""}),
        ("a='x, y',b=\"it's\"", {"a": "x, y", "b": "it's"}),
        (r"a='it\'s',b=x\,y", {"a": "it's", "b": "x,y"}),
        ("a=[x,y , z]", {"a": ["x", "y", "z"]}),
        ("a=[]", {"a": []}),
        (" a = [ { b = c } , {b=d,e=[f]} ] , g = h ", {"a": [{"b": "c"}, {"b": "d", "e": ["f"]}], "g": "h"}),
        ("Name=Tags.aws:x,Value=s3://b/c", {"Name": "Tags.aws:x", "Value": "s3://b/c"}),
        ("a='line\nbreak'", {"a": "line\nbreak"}),
    ],
)
def test_what_a_text_spells(text: str, expected: object) -> None:
    assert shorthand.read(text, "--x") == expected


@pytest.mark.parametrize("text", ["", "a", "=b", "a=[x", "a={b}", "a={b=c", "a=b}", "a=b,", "a=[x]]", "a='x'y"])
def test_what_spells_nothing_is_refused(text: str) -> None:
    with pytest.raises(ShapeError, match="--x is neither JSON nor shorthand"):
        shorthand.read(text, "--x")


def test_depth_is_bounded() -> None:
    with pytest.raises(LimitExceededError):
        shorthand.read("a=" + "[" * 5000, "--x")
