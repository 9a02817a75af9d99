"""The kinds of sessions that tests are asked of, and what makes them quick."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Judge = Callable[..., None]
"""Judges a law by random examples; see the fixture `judge`."""

KINDS: Final = ("cluster", "local", "connect")
"""A session of the cluster, one of two threads in the Java of this process, one of the cluster over Spark Connect."""
JAVA: Final = "-XX:TieredStopAtLevel=1"
"""Java's quick compiler alone: the other one costs more than it saves in processes that live for minutes."""
SUBMIT_ARGUMENTS: Final = (
    "--conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 --conf spark.sql.shuffle.partitions=2 "
    "--conf spark.executor.memory=512m "
    f"--conf spark.driver.extraJavaOptions={JAVA} pyspark-shell"
)
"""For `PYSPARK_SUBMIT_ARGS`, where the command starts Java."""
QUICK: Final = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
"""Settings with which Spark interprets expressions: over a dozen records it takes longer to compile them."""


@contextmanager
def interpreting(spark: Any) -> Iterator[None]:  # noqa: ANN401 - pyspark's types are not asked for
    """Meanwhile Spark interprets expressions."""
    for name, value in QUICK.items():
        spark.conf.set(name, value)
    yield
    for name in QUICK:
        spark.conf.unset(name)
