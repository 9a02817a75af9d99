"""How the folder of an archive is spelled for Spark, and what Spark then reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.cluster.engine import SparkEngine
from smsearch.cluster.location import missing_connector, spark_path
from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("/data/jobs.archive", "file:///data/jobs.archive"),
        ("/data/x[a]y/", r"file:///data/x\[a\]y"),
        ("file:/data/x", "file:///data/x"),
        ("file:///data/x", "file:///data/x"),
        ("file:///data/x%5Ba%5D%20y", r"file:///data/x\[a\] y"),
        ("FILE:///data/x", "file:///data/x"),
        ("s3a://bucket/jobs*/x", r"s3a://bucket/jobs\*/x"),
        ("s3a://bucket/100%25/", "s3a://bucket/100%25"),
        ("hdfs://host:8020/data/{a}", r"hdfs://host:8020/data/\{a\}"),
        ("abfss://container@account.dfs.core.windows.net/x", "abfss://container@account.dfs.core.windows.net/x"),
        ("/data/a:b", "file:///data/a:b"),
    ],
)
def test_every_source_is_a_path_without_a_pattern(source: str, path: str) -> None:
    assert spark_path(source) == path


def test_a_relative_path_is_one_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert spark_path("jobs.archive") == f"file://{tmp_path}/jobs.archive"


def test_a_colon_beside_a_pattern_is_refused_in_plain_words() -> None:
    with pytest.raises(ClusterError, match=r"Spark cannot read '/data/a:b\[1\]': the path has a colon"):
        spark_path("/data/a:b[1]")


def test_a_missing_file_system_names_its_package() -> None:
    reason = "java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found"
    assert "hadoop-aws" in missing_connector("s3a://bucket/x", reason)
    assert missing_connector("s3a://bucket/x", "Access Denied") == ""
    assert missing_connector("/data/x", reason) == ""


@pytest.mark.parametrize("scheme", ["s3a", "s3", "gs", "abfss", "oss"])
@pytest.mark.sessions("cluster", "connect")
def test_spark_says_what_to_install_for_a_file_system(scheme: str, spark: Any) -> None:  # noqa: ANN401 - pyspark's
    with pytest.raises(ClusterError) as refused:
        SparkEngine(spark, f"{scheme}://container@account.example.net/jobs.archive")
    assert f"Spark has no classes for {scheme}://" in refused.value.hint
    assert "package" in refused.value.hint or "hadoop" in refused.value.hint
    assert "Exception" not in refused.value.message


@pytest.mark.parametrize("name", ["x[a]y", "a?b", "a*b", "a{b,c}d", "a:b", "a b%20c"])
def test_the_folder_itself_is_read_and_not_one_beside_it(name: str, spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    records = [
        {"TrainingJob": {"TrainingJobName": "right", "TrainingJobArn": "arn:aws:sagemaker:r:1:training-job/right"}}
    ]
    smsearch.build_archive([_export(tmp_path, records)], tmp_path / "archives" / name)
    for beside in ("xay", "aXb", "aXXb", "abd", "acd"):
        records[0]["TrainingJob"]["TrainingJobName"] = "wrong"
        smsearch.build_archive([_export(tmp_path, records)], tmp_path / "archives" / beside)
    folder = tmp_path / "archives" / name
    sources = [str(folder), folder.as_uri()] + ([] if "%" in name else [f"file://{folder}", f"file:{folder}"])
    for source in sources:
        assert list(smsearch.open(source, engine="spark", session=spark).query("").names()) == ["right"]


def _export(folder: Path, records: list[dict[str, Any]]) -> Path:
    import orjson

    path = folder / "export.json"
    path.write_bytes(orjson.dumps(records))
    return path
