"""The SQL that docs/scale-out.md shows for Spark itself: it counts what smsearch counts, after an addition too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import smsearch

if TYPE_CHECKING:
    from pathlib import Path


def test_the_documents_sql_counts_as_smsearch_does(repository: Path, spark: Any, tmp_path: Path) -> None:  # noqa: ANN401 - pyspark's
    exports, folder = repository / "data" / "exports", tmp_path / "exports.archive"
    result = smsearch.open(exports).query("status = Failed", resource="TrainingJob")
    expected = {row["Tags.team"]: row["failed"] for row in result.group_by("Tags.team").agg(failed="count(*)")}
    assert len(expected) > 2
    text = (repository / "docs" / "scale-out.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"^```sql\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for source, is_added in ((exports, False), (exports / "training-jobs", True)):
        smsearch.build_archive([source], folder, add=is_added)
        rows = spark.sql(query.replace(folder.name, str(folder))).collect()
        assert {row["team"]: row["failed"] for row in rows} == expected
