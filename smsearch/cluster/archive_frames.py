"""The files of an archive as Spark's frames, and whether they still are those of its manifest. Knows no query.

An archive is a snapshot: its manifest is read once, and no file of it changes. A file that is not as long as the
manifest says has been replaced, and its rows are no answer.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.archive import manifest
from smsearch.archive.layout import DOCUMENT, EXPORTED
from smsearch.cluster.location import folder_here, scheme_of, spark_path
from smsearch.cluster.order import identity_columns
from smsearch.cluster.types import spark_schema
from smsearch.errors import StoreError
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pyspark.sql import DataFrame, DataFrameReader

    from smsearch.archive.manifest import ArchiveManifest, FileEntry
    from smsearch.cluster.cluster_session import ClusterSession

_STRICT: Final = {"ignoreCorruptFiles": "false", "ignoreMissingFiles": "false", "ignoredPathSegmentRegex": "^$"}
"""Options of every reader, whatever the session says: it passes no file over; one that cannot be read is an error."""
_HINT: Final = "Check the URI; the driver and every worker must be able to read it. --debug shows Spark's own words."


class ArchiveFrames:
    """The files of an archive, as they were when it was opened.

    Args:
        spark: The session that reads them.
        folder: The archive: a folder that this machine and every worker see, or a URI that Spark can read.

    Attributes:
        manifest: The files, and what is in them.

    Raises:
        StoreError: There is no archive, it is of another version, its manifest is damaged, or a file was replaced.
        ClusterError: Spark cannot read it.
    """

    def __init__(self, spark: ClusterSession, folder: str) -> None:
        self._spark = spark
        self._path, self._folder_here = spark_path(folder), folder_here(folder)
        self._frames: dict[str, DataFrame] = {}
        if scheme_of(folder) is None:
            self.manifest = manifest.read_manifest(Path(folder))
        else:
            with spark.answering(folder, _HINT):
                self.manifest = self._manifest_of_uri()

    def of(self, resource: str) -> DataFrame:
        """The rows of a resource that has some, as `archive/layout.py` has them.

        Raises:
            StoreError: A file was replaced.
        """
        files = self.manifest.of(resource)
        self._check_sizes(files)
        frame = self._frames.get(resource)
        if frame is None or frame.sparkSession is not self._spark.session:
            self._frames[resource] = self._read(resource, files)
        return self._frames[resource]

    def documents(self, resource: str, names: Collection[str]) -> DataFrame:
        """What tells records apart, and their documents, in the files of a resource with these names.

        Raises:
            StoreError: A file was replaced.
        """
        files = [entry for entry in self.manifest.of(resource) if Path(entry.file).name in names]
        self._check_sizes(files)
        return self._read(resource, files, (*identity_columns(catalogue.resource(resource)), DOCUMENT, EXPORTED))

    def _read(self, resource: str, files: Sequence[FileEntry], columns: Sequence[str] = ()) -> DataFrame:
        """All or some columns of some files; without a schema, Spark would spend a job on finding it."""
        reader = self._reader().schema(spark_schema(catalogue.resource(resource), columns))
        reader = reader.option("datetimeRebaseMode", "CORRECTED")  # times of before 1900 are as they were written
        return reader.parquet(*(f"{self._path}/{entry.file}" for entry in files))

    def _check_sizes(self, files: Sequence[FileEntry]) -> None:
        """Refuses a file that was replaced; of one that cannot be seen, Spark says what is the matter with it."""
        if self._folder_here is None:
            return
        for entry in files:
            with suppress(OSError):
                _check_size(entry, (self._folder_here / entry.file).stat().st_size)

    def _manifest_of_uri(self) -> ArchiveManifest:
        """The manifest, read in the job that lists the files beside it; only Spark knows the file system."""
        where = f"{self._path}/{manifest.MANIFEST}"
        content = self._reader().text(where, wholetext=True).select(F.lit("").alias("path"), F.lit(0), "value")
        listed = self._reader().format("binaryFile").option("recursiveFileLookup", "true").load(self._path)
        rows = content.union(listed.select("path", "length", F.lit(None))).collect()
        text = next((row["value"] for row in rows if row["value"] is not None), "")
        archive = manifest.parse(text.encode(), where)
        entries = {entry.file: entry for entry in archive.files}
        for path, size, _ in rows:
            entry = entries.get("/".join(path.split("/")[-2:]))
            if entry is not None:
                _check_size(entry, size)
        return archive

    def _reader(self) -> DataFrameReader:
        return self._spark.session.read.options(**_STRICT)


def _check_size(entry: FileEntry, size: int) -> None:
    if size != entry.size:
        raise StoreError(
            f"{entry.file} is damaged: it has {size:,} bytes; {entry.size:,} were written.", hint=manifest.AGAIN
        )
