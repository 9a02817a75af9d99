"""What a run measures: the commit, whether the tree differs from it, and a digest of the code itself."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
CODE: Final = ("smsearch", "benchmarks", "grammar", "pyproject.toml")
NOT_CODE: Final = (":!benchmarks/results", ":!benchmarks/README.md")
"""What a run and its report write themselves."""


def code() -> dict[str, Any]:
    """The state of the code: `commit` (`""` outside a repository), `dirty`, and `digest` of its files."""
    commit = _git("rev-parse", "HEAD").strip()
    return {
        "commit": commit,
        "dirty": bool(_git("status", "--porcelain", "--", ".", *NOT_CODE).strip()),
        "digest": _digest(),
    }


def refuse_change(begun: dict[str, Any]) -> None:
    """Ends the run if the code is not what it was.

    Raises:
        SystemExit: It is another commit, or a file has changed.
    """
    now = code()
    if now != begun:
        different = ", ".join(
            f"{name} was {begun[name]} and is {now[name]}" for name in now if now[name] != begun[name]
        )
        raise SystemExit(f"The code changed while it was measured ({different}); nothing is written. Run it again.")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - git
    except FileNotFoundError:
        return ""


def _digest() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name in CODE:
        path = ROOT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            is_code = file.suffix in {".py", ".lark", ".json", ".toml"} and file.is_file()
            if is_code and not {".cache", "results", "__pycache__"} & set(file.relative_to(ROOT).parts):
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
