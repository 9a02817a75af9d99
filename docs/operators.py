"""Writes the table of operators in `query.md` from `smsearch/syntax/operators.py`: `make operators`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smsearch.syntax.operators import OPERATORS, OperatorRow

DOCUMENT: Final = Path(__file__).with_name("query.md")
BEGIN: Final = "<!-- operators: made by `make operators` -->\n"
END: Final = "<!-- end of operators -->\n"
_REWRITTEN: Final = {"BETWEEN": "is rewritten", "LIKE": "`'%text%'` and `'text'` are rewritten"}
_HEADINGS: Final = ("in a text", "holds when", "on", "NOT of it", "in JSON", "in older documents")


def table() -> str:
    """The table of all operators, in Markdown."""
    rows = [_HEADINGS, tuple("---" for _ in _HEADINGS), *map(_cells, OPERATORS)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def _cells(row: OperatorRow) -> tuple[str, ...]:
    texts = ", ".join(f"`{spelling} {row.operand}`".replace(" `", "`") for spelling in row.spellings)
    operator = row.operator
    rewritten = _REWRITTEN.get(row.text, "cannot be said")
    wire = (rewritten, "") if operator is None else (f"`{operator.value}`", f"`{operator.name}`")
    return texts, row.meaning, ", ".join(row.kinds), _negation(row), *wire


def _negation(row: OperatorRow) -> str:
    return f"`{row.complement.row.text}`" if row.complement is not None else f"`NOT {row.text}`"


def spliced(document: str) -> str:
    """The document with the table of today between its marks."""
    head, _, rest = document.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{table()}{END}{tail}"


if __name__ == "__main__":
    DOCUMENT.write_text(spliced(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
