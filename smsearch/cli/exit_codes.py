"""The exit codes of the command; docs/cli.md lists them."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
NOTHING_FOUND: Final = 1
"""Nothing matches, or the service would refuse a query; with `--exit-status` only."""
USAGE: Final = 2
"""The command or the query is wrong."""
DATA: Final = 3
"""A source or a name does not exist, or a file cannot be read or written."""
IN_PART: Final = 4
"""Part of the exports could not be read; the answer is that of the rest."""
INTERRUPTED: Final = 130
TERMINATED: Final = 143
"""The process received SIGTERM."""
