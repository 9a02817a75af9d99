"""Parses a document, or says what is wrong with bytes that are none, and what would be right.

Tells the texts of other languages and tools from JSON that is broken, so that the advice fits. It knows no file.
"""

from __future__ import annotations

import re
from typing import Final

from smsearch.schema.decode import DecodeError, loads

_EXCERPT_BYTES: Final = 60
_HEAD_BYTES: Final = 1 << 12
"""What a text is shows in its first bytes."""
_LIKE_JSON: Final = re.compile(rb"\s*[\[{\s]*(?:\"|\Z|[\]}])")
_PYTHON: Final = (
    "It is the text of a Python object, not JSON. Export it with json.dumps(response, default=str) "
    "and not with print or str."
)
_FOREIGN: Final = (
    (
        re.compile(rb"\s*\[?\s*[A-Z]\w+\((?:[a-z]\w*=|.*(?:Unassigned object at|model_fields_set))"),
        (
            "It is the text of an object of sagemaker-core, not JSON. Export it with "
            "resource.model_dump_json(exclude_unset=True) and not with print or repr."
        ),
    ),
    (re.compile(rb"\s*\[?\s*\{'|(?s:.*)datetime\.datetime\("), _PYTHON),
    (
        re.compile(rb"\s*(?:&|\[?\{\s*\n?\s*[A-Z]\w*: (?:[\"<&]|\[?[{\n]|\d|true|false|20\d\d-)(?![^\n]*\[Object\]))"),
        "It is what Go's String() prints, not JSON. Export it with json.Marshal(output).",
    ),
    (
        re.compile(
            rb"\s*\[?\s*\{\s*(?:'?\$?[A-Za-z]\w*'?: (?:'|\[|\{|undefined|null|\d|true|false|[A-Z]\w+ \{|\d{4}-))"
        ),
        "It is what node's console prints, not JSON. Export it with JSON.stringify(response).",
    ),
    (
        re.compile(rb"\s*#<struct "),
        "It is what Ruby's inspect prints, not JSON. Export it with JSON.generate(response.to_h).",
    ),
    (
        re.compile(rb"\s*[A-Z]\w+(?:Response|Result|Summary|Job)\([A-Z]\w+="),
        "It is what Java's toString() prints, not JSON. Export it as JSON, with the fields' own names.",
    ),
    (
        re.compile(rb"-{10,}\s*\r?\n\|"),
        "It is a table that the AWS CLI printed, not JSON. Run it with --output json.",
    ),
    (
        re.compile(rb"[A-Z0-9]{3,}\t\S|arn:aws[\w-]*:sagemaker:[^\t\n]*\t"),
        "It is text that the AWS CLI printed, not JSON. Run it with --output json.",
    ),
)
"""What a text of another kind begins with, and what to say of it."""


def parsed(raw: bytes) -> tuple[object, str]:
    """The document that some bytes spell, or None and what is wrong with them."""
    try:
        return loads(raw), ""
    except DecodeError as error:
        return None, explained(raw, error)


def explained(raw: bytes, error: DecodeError) -> str:
    """What is wrong with a document, and what would be right."""
    return other_format(raw) or f"It is {error}. It begins with {excerpt(raw)}."


def other_format(raw: bytes) -> str:
    """What to say of a text that another language or tool printed, or `""`."""
    head = raw[:_HEAD_BYTES]
    if _LIKE_JSON.match(head) and b"datetime" not in head:
        return ""
    return next((advice for pattern, advice in _FOREIGN if pattern.match(head)), "")


def excerpt(raw: bytes) -> str:
    """The first bytes of a text, so that it can be recognised and printed."""
    return repr(raw[:_EXCERPT_BYTES].decode("utf-8", "backslashreplace").replace("\x00", "\\0"))
