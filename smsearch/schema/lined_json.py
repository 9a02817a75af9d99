"""The sections of a JSON file that has a line for each entry: an entry is parsed when it is first asked for.

`grammar/catalogue/generate.py` writes such files. Parsing all of one takes longer than a search that needs one kind of
record. This module does not know what an entry means.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from smsearch import small_json


def read(module: str, name: str) -> bytes:
    """The bytes of a file that lies beside a module's own."""
    with open(f"{os.path.split(module)[0]}/{name}", "rb") as file:  # noqa: PTH123 - pathlib takes a short search 4 ms
        return file.read()


class LinedSection(Mapping[str, Any]):
    """The entries of one section by name, in the file's order.

    Args:
        text: The whole file: `{`, and of each section ` "name": {`, a line for each entry, and ` }`.
        section: The name of the section.
    """

    def __init__(self, text: bytes, section: str) -> None:
        self._text = text
        self._section = section
        self._parsed: dict[str, Any] = {}

    @cached_property
    def _lines(self) -> dict[str, bytes]:
        """The JSON of each entry."""
        begin = self._text.index(b'\n "%s": {\n' % self._section.encode())
        lines = self._text[begin : self._text.index(b"\n }", begin)].split(b"\n")[2:]
        pairs = (line.partition(b": ") for line in lines)
        return {name[3:-1].decode(): written.rstrip(b",") for name, _, written in pairs}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever the entry is
        if name not in self._parsed:
            self._parsed[name] = small_json.loads(self._lines[name])
        return self._parsed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, name: object) -> bool:
        return name in self._lines
