"""smsearch over a store, asked in the wire's own JSON; and its live collection, where the reference judges each record.

Through the public door a response can be had three ways: asked again with the same bytes, which are kept prepared;
asked with bytes never seen, so that it is parsed, checked, bound and planned; and with everything forgotten. Beside it
stand the parts that a response is made of, taken from the rooms behind the door: rows found along a plan, and their
documents spliced.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, product
from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.engines.engine import Way
from benchmarks.queries import PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.groupings import Grouping, Rows
    from benchmarks.queries import Query

_TOKEN = b'"NextToken":"'
_BLANKS = [bytes(blanks) for blanks in product(b" \n\t\r", repeat=6)]
"""More endings that mean nothing than requests are kept prepared: a body with the next one was not seen."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question compiled, and one segment's parts to answer it with."""

    part: Any
    condition: Any
    order: Any
    known: Any
    place: int
    plan: Any
    total: int
    rows: Any


class _Asked:
    """Searchers of the project, asked as anybody would ask them."""

    reads_dump = False
    _searcher: Any

    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}
        self._turn = count()

    def _body(self, query: Query) -> bytes:
        """The request of the page; its token is found once, as a caller would remember it."""
        if query.name not in self._bodies:
            members = {"Resource": "TrainingJob", "MaxResults": 1 if query.counts else PAGE, **query.request}
            for _ in range(query.page - 1):
                ending = self._searcher.search_json(orjson.dumps(members)).rpartition(_TOKEN)[2]
                members["NextToken"] = ending.removesuffix(b'"}').decode()
            self._bodies[query.name] = orjson.dumps(members)
        return self._bodies[query.name]

    def answer(self, query: Query) -> tuple[list[str], int]:
        found = orjson.loads(self.response(query))
        names = [result["TrainingJob"]["TrainingJobName"] for result in found["Results"]]
        return [] if query.counts else names, found["TotalHits"]["Value"]

    def grouped(self, grouping: Grouping) -> Rows:
        """The groups as a table has them, months by their names."""
        self._searcher.forget()  # what was remembered of the condition, as the others remember nothing
        table = self._searcher.query(grouping.text).groups()
        return list(zip(*(column.labels or column.plain() for column in table.columns), strict=True))

    def response(self, query: Query) -> bytes:
        """The same bytes asked again."""
        found: bytes = self._searcher.search_json(self._body(query))
        return found

    def asked(self, request: bytes) -> bytes:
        """The response to a request."""
        found: bytes = self._searcher.search_json(request)
        return found

    def not_prepared(self, query: Query) -> bytes:
        """The same request in bytes that were not seen."""
        found: bytes = self._searcher.search_json(self._body(query) + _BLANKS[next(self._turn) % len(_BLANKS)])
        return found


class Smsearch(_Asked):
    """A store of one segment."""

    def load(self, dump: Path, folder: Path) -> None:
        import smsearch

        smsearch.build([dump], folder / "store")

    def imports(self) -> None:
        import smsearch.columnar.engine
        import smsearch.opening
        import smsearch.store.store  # noqa: F401 - what opening a store imports

    def open(self, folder: Path) -> None:
        import smsearch

        self._folder = folder / "store"
        self._searcher = smsearch.open(self._folder)
        self._parts: dict[str, _Parts] = {}
        self._rooms: Any = None

    def _taken_apart(self, query: Query) -> _Parts:
        """The question compiled once, as the searcher keeps it when it is asked again."""
        if query.name not in self._parts:
            self._parts[query.name] = self._compile(query)
        return self._parts[query.name]

    def _compile(self, query: Query) -> _Parts:
        from smsearch.api import next_token, request
        from smsearch.columnar.compiled_query import CompiledQuery, segment_order, segment_query
        from smsearch.columnar.engine import ColumnarEngine
        from smsearch.columnar.operators.scan import find_page
        from smsearch.columnar.plan import make_plan
        from smsearch.engine.cursor import unpack
        from smsearch.policy import DEFAULT
        from smsearch.predicate import bind
        from smsearch.store.store import Store

        if self._rooms is None:
            store = Store(self._folder)
            self._rooms = store, ColumnarEngine(store)
        store, records = self._rooms
        asked = request.parse(orjson.loads(self._body(query)), DEFAULT)
        schema = records.schema(asked.resource)
        key = bind.bind_sort(asked.sort_by, asked.sort_order, schema)
        resume = next_token.unseal(asked.next_token, next_token.fingerprint(asked), records.snapshot)
        (part,) = store.of(asked.resource)
        predicate = bind.bind(asked.expression, schema, DEFAULT)
        segment = segment_query(part, predicate, segment_order(part, key))
        question = CompiledQuery([segment])
        total = question.count()
        question.find((), PAGE, None)  # a walk that is asked for again begins at its first match
        (known,), (begin,) = question.selections, question.first_positions or (0,)
        (place,) = unpack(resume.cursor) or (begin,)
        plan = make_plan(segment.condition, segment.order, place, PAGE, known, None)
        rows = find_page(plan, segment.order, PAGE).rows
        return _Parts(part, segment.condition, segment.order, known, place, plan, total, rows)

    def ids(self, query: Query) -> object:
        """The rows of the page: planned and found; or the count, made anew."""
        from smsearch.columnar.operators.scan import find_page
        from smsearch.columnar.operators.selection import select
        from smsearch.columnar.plan import make_plan

        parts = self._taken_apart(query)
        if query.counts:
            return select(parts.condition).max_count
        plan = make_plan(parts.condition, parts.order, parts.place, PAGE, parts.known, None)
        return find_page(plan, parts.order, PAGE).rows[:PAGE]

    def scan(self, query: Query) -> object:
        """The rows of the page along a plan made before."""
        from smsearch.columnar.operators.scan import find_page

        parts = self._taken_apart(query)
        return find_page(parts.plan, parts.order, PAGE).rows[:PAGE]

    def splice(self, query: Query) -> bytes:
        """The response of rows found before, without a token."""
        from smsearch.api.response import spliced

        parts = self._taken_apart(query)
        return spliced(parts.part.documents(parts.rows[:PAGE]), parts.total, "")

    def ways(self) -> dict[str, Way]:
        return {
            "ids": Way(self.ids, responds=False),
            "response": Way(self.response),
            "not prepared": Way(self.not_prepared),
            "nothing remembered": Way(self.response, before=self._searcher.forget),
            "scan": Way(self.scan, responds=False, counts=False),
            "splice": Way(self.splice, counts=False),
        }

    def documents_bytes(self) -> int | None:
        import numpy as np

        from smsearch.store.store import Store

        sizes: list[int] = []
        for part in Store(self._folder).parts:
            ends = np.array([0, part.entry.rows], np.uint32)
            first, last = part.stored_documents.offsets.take(ends).tolist()
            sizes.append(last - first)
        return sum(sizes)


class Reference(_Asked):
    """Records in memory, each judged by the reference."""

    reads_dump = True

    def load(self, dump: Path, folder: Path) -> None:
        (folder / "dump").write_text(str(dump), encoding="utf-8")

    def imports(self) -> None:
        import smsearch.opening  # noqa: F401 - all that opening imports first

    def open(self, folder: Path) -> None:
        import smsearch

        self._searcher = smsearch.open((folder / "dump").read_text(encoding="utf-8"))

    def ways(self) -> dict[str, Way]:
        return {"ids": Way(self.response, responds=False), "response": Way(self.response)}

    def documents_bytes(self) -> int | None:
        return None
