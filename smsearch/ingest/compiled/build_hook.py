"""Compiles the reader when smsearch is installed: hatch calls this for editable installs and for wheels.

It needs a C++17 compiler and Python's headers. Where one of the two is missing, or SMSEARCH_PURE is set, smsearch is
installed without the compiled reader, and Python reads exports. This file imports nothing of smsearch: hatch runs it by
its path. `python smsearch/ingest/compiled/build_hook.py` compiles the reader in place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDER: Final = Path(__file__).resolve().parent
_NAME: Final = "_reader.abi3.so"
_IN_WHEEL: Final = f"smsearch/ingest/compiled/{_NAME}"
_ABI: Final = "cp311-abi3"
"""The stable ABI of Python 3.11: one file serves all later versions."""
_FLAGS: Final = ("-std=c++17", "-O2", "-fPIC", "-shared", "-fvisibility=hidden")


class CompiledReader(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled reader into a wheel, or beside its sources for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles before the wheel is written; leaves everything as it is where that cannot be done."""
        if version == "editable":
            compile_in_place()
            return
        self._folder = tempfile.mkdtemp()
        library = Path(self._folder) / _NAME
        if compiled(library):
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["force_include"][str(library)] = _IN_WHEEL
            build_data["pure_python"] = False
            build_data["tag"] = f"{_ABI}-{platform}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Forgets what was compiled for a wheel."""
        del version, build_data, artifact_path
        shutil.rmtree(getattr(self, "_folder", ""), ignore_errors=True)


def compile_in_place(*flags: str) -> bool:
    """Compiles the reader beside its sources, unless it is newer than they are; returns whether it is there."""
    library = _FOLDER / _NAME
    if not flags and not _is_pure() and _is_newer(library):
        return True
    library.unlink(missing_ok=True)  # never written over: a process may have it mapped
    new = library.with_name("new.abi3.so")  # a compiler that is killed leaves no reader that looks whole
    if compiled(new, *flags):
        new.replace(library)
    return library.exists()


def _is_pure() -> bool:
    return os.environ.get("SMSEARCH_PURE", "") not in ("", "0")


def _is_newer(library: Path) -> bool:
    sources = (Path(__file__), *(_FOLDER / "source").iterdir())
    return library.exists() and library.stat().st_mtime_ns > max(source.stat().st_mtime_ns for source in sources)


def compiled(library: Path, *flags: str) -> bool:
    """Compiles the reader into a file; returns whether that could be done.

    Args:
        library: The file.
        flags: More flags for the compiler, such as `-fsanitize=address,undefined`.
    """
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    headers = Path(sysconfig.get_path("include"))
    if _is_pure() or compiler is None or not (headers / "Python.h").exists():
        return False
    sources = sorted(map(str, (_FOLDER / "source").glob("*.cpp")))
    platform_flags = ("-undefined", "dynamic_lookup") if sys.platform == "darwin" else ()
    command = [compiler, *_FLAGS, *flags, f"-I{headers}", *platform_flags, *sources, "-o", str(library)]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - the compiler of whoever installs
    return done.returncode == 0 and library.exists()


if __name__ == "__main__":
    sys.exit(0 if compile_in_place(*sys.argv[1:]) else 1)
