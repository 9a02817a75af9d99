"""The browser's copy of Vega, Vega-Lite and vega-embed in one script, made once and kept in the user's cache folder.

Making it takes some seconds, reading it none. Its first line has the digest of what follows, and a file whose content
has another one is as good as none. It sets `window.vegaEmbed`, and asks no network.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from smsearch.plots.library import library

SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"
_MARK: Final = b"// sha256 "


def browser_script() -> bytes:
    """The script; made, and kept for the next time, if it is not there yet.

    Raises:
        MissingLibraryError: The extra `plots` is not installed.
    """
    script = kept_script()
    if script is not None:
        return script
    body: bytes = library("vl_convert").javascript_bundle(SNIPPET).encode()
    script = _MARK + hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    with suppress(OSError):  # without a folder to write it is made again
        _keep(_path(), script)
    return script


def kept_script() -> bytes | None:
    """The script that is kept, or None if it is not there, or damaged.

    Raises:
        MissingLibraryError: The extra `plots` is not installed.
    """
    try:
        script = _path().read_bytes()
    except OSError:
        return None
    mark, _, body = script.partition(b"\n")
    return script if mark == _MARK + hashlib.sha256(body).hexdigest().encode() else None


def cache_folder() -> Path:
    """Where the user's programs keep what they can make again: `$XDG_CACHE_HOME/smsearch`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "smsearch"


def _path() -> Path:
    """The file of this version of vl-convert."""
    version = library("vl_convert").__version__
    name = hashlib.sha256(f"{version}\n{SNIPPET}".encode()).hexdigest()[:16]
    return cache_folder() / f"vega-{name}.js"


def _keep(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, whoever else writes it meanwhile."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
