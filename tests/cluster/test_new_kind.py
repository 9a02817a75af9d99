"""Two kinds that smsearch does not have, over an archive: no module of `cluster/` is changed for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import smsearch
from smsearch.opening import open_archive
from tests.made_up_kinds import export, registered

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = (
    "Wait > '1h'",
    "Wait = '2h' AND Month >= '2024-01'",
    "ORDER BY Wait DESC",
    "Month < '2024-01' ORDER BY Month",
)


def test_a_new_kind_is_searched_sorted_and_counted(spark: Any, tmp_path: Path) -> None:  # noqa: ANN401 - pyspark's
    with registered():
        records = smsearch.open(export(tmp_path))
        smsearch.build_archive([tmp_path / "jobs.jsonl"], tmp_path / "archive")
        archived = open_archive([str(tmp_path / "archive")], spark)
        for query in QUERIES:
            assert list(archived.query(query).names()) == list(records.query(query).names()), query
        for name in ("Wait", "Month"):
            assert archived.query("").facet(name) == records.query("").facet(name)
