"""Writes the tables of `search.lark` where the package reads them: `make grammar`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from smsearch.syntax.text import tables
from smsearch.syntax.text.make_tables import make_tables


def main() -> None:
    """Writes the tables."""
    grammar = tables.grammar()
    written = json.dumps(make_tables(grammar), separators=(",", ":")).encode("ascii")
    Path(tables.TABLES).write_bytes(written + b"\n" + tables.digest_of(written, grammar) + b"\n")
    sys.stdout.write(f"wrote {tables.TABLES}\n")


if __name__ == "__main__":
    main()
