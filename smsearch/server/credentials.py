"""The file of the access keys that the endpoint accepts, in the form of `~/.aws/credentials`. Knows no request."""

from __future__ import annotations

import configparser
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smsearch.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HINT: Final = (
    "It holds, as ~/.aws/credentials does, [default] and below it aws_access_key_id and aws_secret_access_key."
)


@dataclass(frozen=True, slots=True)
class Secret:
    """What the owner of an access key knows; never shown.

    Attributes:
        key: The secret access key.
        session_token: What goes with a key that ends after some hours; `""` for a key of its own.
    """

    key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


def read_credentials(path: str) -> Mapping[str, Secret]:
    """The secrets in a file by their access key ids, those of all its profiles.

    Raises:
        ServerError: It is no such file, or a profile has half a pair. What the file holds is not repeated.
        OSError: It cannot be read.
    """
    parser = configparser.RawConfigParser(default_section="", strict=False)
    try:
        parser.read_string(Path(path).read_text(encoding="utf-8"))
    except (configparser.Error, UnicodeDecodeError):
        raise ServerError(f"{path} holds no credentials.", hint=_HINT) from None
    secrets = {}
    for name in parser.sections():
        profile = parser[name]
        key_id, key = profile.get("aws_access_key_id", ""), profile.get("aws_secret_access_key", "")
        if not key_id or not key:
            raise ServerError(f"{path}: the profile {name} has no whole pair.", hint=_HINT)
        secrets[key_id] = Secret(key, profile.get("aws_session_token", ""))
    if not secrets:
        raise ServerError(f"{path} holds no credentials.", hint=_HINT)
    return secrets
