"""Where an archive is, in the spelling that Spark's readers take for exactly that folder.

Spark takes every path for a pattern: `[`, `?`, `*`, `{` stand for other characters unless a backslash precedes them. A
URI of another file system (`s3a://`, `hdfs://`) is kept as it is written, because Hadoop decodes nothing in it. A
`file:` URI may be percent-encoded. This module knows no session and no manifest.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from smsearch.errors import ClusterError

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(?=/)")
_PATTERN: Final = frozenset("\\{}[]*?")
_ESCAPES: Final = str.maketrans({character: f"\\{character}" for character in _PATTERN})
_CONNECTORS: Final = {
    "s3a": "hadoop-aws, as --packages org.apache.hadoop:hadoop-aws:VERSION of Spark's Hadoop",
    "s3": "EMR's own file system; elsewhere write s3a:// and add hadoop-aws",
    "gs": "Google's gcs-connector, as --packages com.google.cloud.bigdataoss:gcs-connector:hadoop3-VERSION",
    "abfss": "hadoop-azure, as --packages org.apache.hadoop:hadoop-azure:VERSION of Spark's Hadoop",
    "abfs": "hadoop-azure, as --packages org.apache.hadoop:hadoop-azure:VERSION of Spark's Hadoop",
    "wasbs": "hadoop-azure, as --packages org.apache.hadoop:hadoop-azure:VERSION of Spark's Hadoop",
}
"""The package of a file system that Spark does not bring itself, by scheme."""


def scheme_of(source: str) -> str | None:
    """The scheme of a URI in lower case, or None for a path of this machine; `C:/x` would be a path too."""
    match = _SCHEME.match(source)
    return match[1].lower() if match else None


def spark_path(source: str) -> str:
    r"""A folder as Spark's readers take it, without a slash at its end.

    A path of this machine, relative or absolute, becomes a `file:` URI, because it is no path of the cluster's default
    file system. Example: `file:///data/x%5Ba%5Dy` and `/data/x[a]y` both become `file:///data/x\[a\]y`.

    Raises:
        ClusterError: The folder has a colon and a character of patterns; Hadoop cannot be asked for both.
    """
    folder = folder_here(source)
    where = source if folder is None else f"file://{folder}"
    path = where.partition("://")[2].partition("/")[2]
    if not _PATTERN.intersection(path):
        return where.rstrip("/")
    if ":" in path:
        raise ClusterError(
            f"Spark cannot read {source!r}: the path has a colon, and one of the characters []{{}}*?\\.",
            hint="Rename the folder, or reach it through a symbolic link.",
        )
    return where.removesuffix(path) + path.translate(_ESCAPES).rstrip("/")


def folder_here(source: str) -> Path | None:
    """The folder that a path or a `file:` URI names on this machine; None for a URI of another file system."""
    match scheme_of(source):
        case None:
            return Path(source).resolve()
        case "file":
            return Path(unquote("/" + source.partition(":")[2].lstrip("/")))
        case _:
            return None


def missing_connector(source: str, reason: str) -> str:
    """What to install where Spark says that it has no classes for a URI's file system, else `""`."""
    scheme = scheme_of(source)
    package = _CONNECTORS.get(scheme or "")
    if package and re.search(r"No FileSystem for scheme|ClassNotFoundException", reason):
        return f"Spark has no classes for {scheme}://. They are in {package}."
    if scheme and "No FileSystem for scheme" in reason:
        return f"Spark has no classes for {scheme}://. Add the package of that file system, as --packages."
    return ""
