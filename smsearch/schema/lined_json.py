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
    def _bounds(self) -> tuple[int, int]:
        """Where the line before the first entry begins, and where the last one ends."""
        begin = self._text.index(b'\n "%s": {\n' % self._section.encode()) + 1
        return begin, self._text.index(b"\n }", begin)

    @cached_property
    def _names(self) -> dict[str, None]:
        begin, end = self._bounds
        lines = self._text[begin:end].split(b"\n")[1:]
        return dict.fromkeys(line[3 : line.index(b'": ')].decode() for line in lines)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever the entry is
        if name not in self._parsed:
            self._parsed[name] = small_json.loads(self._written(name))
        return self._parsed[name]

    def _written(self, name: str) -> bytes:
        """The JSON of an entry.

        Raises:
            KeyError: There is none of that name.
        """
        head = b'\n  "%s": ' % name.encode(errors="surrogatepass")
        begin, end = self._bounds
        at = self._text.find(head, begin, end)
        if at < 0:
            raise KeyError(name)
        after = self._text.find(b"\n", at + len(head), end)
        return self._text[at + len(head) : end if after < 0 else after].rstrip(b",")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
