"""What SQLite, DuckDB and Polars have in common: one language, nearly, over a table `jobs` of the same columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.engines.engine import Way
from benchmarks.queries import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.groupings import Grouping, Rows
    from benchmarks.queries import Query


class Sql:
    """A page by key, not by offset: where one begins is found once, as a caller would remember it."""

    reads_dump = False

    def __init__(self) -> None:
        self._after: dict[str, str] = {}

    def run(self, text: str) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        raise NotImplementedError

    def one_by_one(self, text: str) -> Iterable[tuple[Any, ...]]:
        """The same rows, for who needs each only once."""
        return self.run(text)

    def said(self, query: Query) -> str:
        """The condition in the engine's own words."""
        return f"({query.where})"

    def select(self, what: str, query: Query) -> list[tuple[Any, ...]]:
        """Some columns of the page."""
        return self.run(self.page(what, query))

    def page(self, what: str, query: Query) -> str:
        """The statement that gives some columns of the page."""
        condition = self.said(query) + self._beginning(query)
        return f"select {what} from jobs where {condition} {self._order(query)} limit {PAGE}"

    def _beginning(self, query: Query) -> str:
        """The condition that leaves out what stands on earlier pages."""
        if query.page == 1:
            return ""
        if query.name not in self._after:
            column = query.column
            text = f"select {column}, arn from jobs where {self.said(query)} {self._order(query)}"
            (value, arn), *_ = self.run(f"{text} limit 1 offset {(query.page - 1) * PAGE - 1}")
            without = f"{column} is null"
            after = f"{column} < {value} or ({column} = {value} and arn > '{arn}')"
            if query.sparse:
                after = f"{without} and arn > '{arn}'" if value is None else f"{after} or {without}"
            self._after[query.name] = f" and ({after})"
        return self._after[query.name]

    def _order(self, query: Query) -> str:
        return f"order by {query.column} {'desc' if query.descending else 'asc'} nulls last, arn"

    def count(self, query: Query) -> int:
        """How many records match."""
        return int(self.run(f"select count(*) from jobs where {self.said(query)}")[0][0])

    def answer(self, query: Query) -> tuple[list[str], int]:
        names = [] if query.counts else [name for (name,) in self.select("name", query)]
        return names, self.count(query)

    def grouped(self, grouping: Grouping) -> Rows:
        return self.run(grouping.sql)

    def ids(self, query: Query) -> object:
        """The rows of the page, or the count."""
        return self.count(query) if query.counts else self.select("id", query)

    def response(self, query: Query) -> bytes:
        """The page's documents as the body of a response, or the count."""
        if query.counts:
            return str(self.count(query)).encode()
        return body([document for (document,) in self.one_by_one(self.page("document", query))])

    def ways(self) -> dict[str, Way]:
        return {"ids": Way(self.ids, responds=False), "response": Way(self.response)}

    def documents_bytes(self) -> int | None:
        return None


def body(documents: list[bytes]) -> bytes:
    """A response of some documents, joined once: formatting each of them took thrice as long.

    What stands before the first and after the last is put to these, so that the whole is copied no second time.
    """
    if not documents:
        return b'{"Results":[]}'
    parts = list(documents)
    parts[0] = b'{"Results":[{"TrainingJob":' + parts[0]
    parts[-1] += b"}]}"
    return b'},{"TrainingJob":'.join(parts)
