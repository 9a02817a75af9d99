"""A query that asks for groups: its table, as `smsearch search` writes it, and the query in other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frames.table_text import text
from smsearch.page.copies import copies_of
from smsearch.page.screen import Screen

if TYPE_CHECKING:
    from smsearch.page.addresses import SearchAddress
    from smsearch.result import Result

GROUPS_SHOWN: Final = 500


def groups_screen(result: Result, address: SearchAddress, shared: dict[str, object]) -> Screen:
    """The screen of a grouped query, at most `GROUPS_SHOWN` groups of it."""
    table = result.to_arrow()
    rows = [[_cell(cell) for cell in row.values()] for row in table.slice(0, GROUPS_SHOWN).to_pylist()]
    values: dict[str, object] = {
        "header": table.column_names,
        "rows": rows,
        "number": table.num_rows,
        "copies": copies_of(result, ()),
    }
    return Screen("groups.html", address.query, address, shared | values | {"resource": result.resource})


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else cell if isinstance(cell, str) else text(str(cell))
