"""What Describe leaves of a model card's content when it is asked for metadata only (`IncludedData`).

The service model's documentation lists the paths that stay. It knows JSON texts, and not how a record was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

INCLUDED: Final = "IncludedData"
_ONLY: Final = "MetadataOnly"
_CONTENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "DescribeModelCard": ("Content",),
    "DescribeModelPackage": ("ModelCard", "ModelCardContent"),
}
"""Where an operation's output has the content of a card."""
_KEPT: Final = (
    ("model_overview", "model_id"),
    ("model_overview", "model_name"),
    ("intended_uses", "risk_rating"),
    ("model_package_details", "model_package_group_name"),
    ("model_package_details", "model_package_arn"),
)


def sanitised(name: str, members: Mapping[str, Any], output: dict[str, Any]) -> dict[str, Any]:
    """An operation's output with what its input asks for of a card's content; the output itself if it asks for all.

    Args:
        name: The operation's name.
        members: Its input, checked.
        output: Its output; not changed.
    """
    path = _CONTENTS.get(name)
    if path is None or members.get(INCLUDED) != _ONLY:
        return output
    return _with_metadata(output, path)


def _with_metadata(members: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    below = members.get(path[0])
    if isinstance(below, str) and len(path) == 1:
        return {**members, path[0]: _metadata_of(below)}
    return {**members, path[0]: _with_metadata(below, path[1:])} if isinstance(below, dict) else members


def _metadata_of(content: str) -> str:
    """A content with the paths that stay; one that is no JSON object has none of them."""
    try:
        card = orjson.loads(content)
    except orjson.JSONDecodeError:
        card = {}
    metadata: dict[str, dict[str, Any]] = {}
    for section, name in _KEPT:
        members = card.get(section) if isinstance(card, dict) else None
        if isinstance(members, dict) and name in members:
            metadata.setdefault(section, {})[name] = members[name]
    return orjson.dumps(metadata).decode()
