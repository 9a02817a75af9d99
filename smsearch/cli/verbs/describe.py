"""`smsearch describe`: one record in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from smsearch.cli.arguments import sources_and_name
from smsearch.cli.options import EngineVerb, WritingVerb, case_option, resource_option
from smsearch.cli.verb import flag, positionals
from smsearch.errors import StoreError
from smsearch.messages import counted
from smsearch.schema import case, catalogue, notation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.schema.origin import RecordSource
    from smsearch.schema.record import Record


class DescribeVerb(WritingVerb, EngineVerb):
    """Writes the record with this name or ARN as JSON, times in UTC.

    With --source it writes the file, the line and the place in the document that
    the record was read from, and how many other snapshots of it were read.

    Accounts, regions and kinds may share a name: all of their records are written. A name that no record has is exit 3.
    """

    examples = (
        "describe data/exports vision-resnet-2024-12-26-04-55-07-537",
        "describe data/exports vision-resnet-2024-12-26-04-55-07-537 --case snake",
        "describe data/exports vision-resnet-2024-12-26-04-55-07-537 --source",
    )

    arguments: tuple[str, ...] = positionals("SOURCE... RECORD")
    resource: str | None = resource_option()
    case: str = case_option()
    source: bool = flag("--source", "Write where each record was read, instead of the record.")

    def run(self) -> int:
        """Writes each record of the name."""
        sources, name = sources_and_name(self.arguments)
        opened = self.open(sources)
        records = opened.searcher.describe(name, self.resource)
        if not records:
            from smsearch.cli.not_found import not_found

            raise not_found(name, self.resource, opened.searcher)
        if len(records) > 1:
            kinds = ", ".join(sorted({record.resource for record in records}))
            self.stderr.note(f"note: {counted(len(records), 'record')} are called {name} ({kinds})")
        if self.source:
            documents = list(_sources(records, opened.searcher.sources(name, self.resource)))
        else:
            documents = [_document(record, is_snake=self.case == "snake") for record in records]
        with self.open_output() as stream:
            for document in documents:
                stream.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return opened.exit_code


def _document(record: Record, *, is_snake: bool) -> dict[str, Any]:
    """A record as it was exported, its members spelled as the service model or in snake_case."""
    members = notation.exported(record, notation.ISO)
    return case.document(members, catalogue.resource(record.resource).root) if is_snake else members


def _sources(records: list[Record], sources: list[RecordSource]) -> Iterator[dict[str, Any]]:
    """Where each record came from, with its kind, name and ARN.

    Raises:
        StoreError: The sources are those of an archive, which does not keep it.
    """
    if not sources:
        raise StoreError("An archive does not keep where its records came from.", hint="Ask a store, or the exports.")
    for record, source in zip(records, sources, strict=True):
        yield {"Resource": record.resource, "Name": record.name, "Arn": record.arn, **source.members()}
