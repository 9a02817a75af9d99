"""Which records belong to one another: a property of one kind holds what a property of another kind is called by.

Each relation is read both ways: from a job to its trial, and from a trial to its jobs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.page.addresses import RecordAddress, SearchAddress
from smsearch.schema import read
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

TEXTS_MAX: Final = 20
"""Texts of one property that are followed; a record that holds more names of others shows the first."""


@dataclass(frozen=True, slots=True)
class KindRelation:
    """Records of a kind name records of another: `kind.name` holds what `other_kind.other_name` is."""

    kind: str
    name: str
    other_kind: str
    other_name: str


@dataclass(frozen=True, slots=True)
class RelatedRecords:
    """The records of a kind that belong to one.

    Attributes:
        kind: Their kind.
        label: The name of the one that there is, or how many there are.
        url: The record, or the search that finds them.
        is_named_here: Whether this record names them, and not they it.
    """

    kind: str
    label: str
    url: str
    is_named_here: bool


_ARTIFACT: Final = "ModelArtifacts.S3ModelArtifacts"
_MODEL_DATA: Final = "Model.PrimaryContainer.ModelDataUrl"
_PACKAGE_DATA: Final = "InferenceSpecification.Containers.ModelDataUrl"
_SOURCE: Final = "Source.SourceArn"
RELATIONS: Final = (
    KindRelation("TrainingJob", "TuningJobArn", "HyperParameterTuningJob", "HyperParameterTuningJobArn"),
    KindRelation("TrainingJob", "ExperimentConfig.TrialName", "ExperimentTrial", "TrialName"),
    KindRelation("TrainingJob", "ExperimentConfig.ExperimentName", "Experiment", "ExperimentName"),
    KindRelation("ProcessingJob", "ExperimentConfig.TrialName", "ExperimentTrial", "TrialName"),
    KindRelation("ExperimentTrialComponent", _SOURCE, "TrainingJob", "TrainingJobArn"),
    KindRelation("ExperimentTrialComponent", _SOURCE, "ProcessingJob", "ProcessingJobArn"),
    KindRelation("ExperimentTrialComponent", _SOURCE, "TransformJob", "TransformJobArn"),
    KindRelation("ExperimentTrialComponent", "Parents.TrialName", "ExperimentTrial", "TrialName"),
    KindRelation("ExperimentTrial", "ExperimentName", "Experiment", "ExperimentName"),
    KindRelation("Model", _MODEL_DATA, "TrainingJob", _ARTIFACT),
    KindRelation("Model", "Model.Containers.ModelDataUrl", "TrainingJob", _ARTIFACT),
    KindRelation("Model", "Model.PrimaryContainer.ModelPackageName", "ModelPackage", "ModelPackageArn"),
    KindRelation("Model", _MODEL_DATA, "ModelPackage", _PACKAGE_DATA),
    KindRelation("Model", "Endpoints.EndpointName", "Endpoint", "EndpointName"),
    KindRelation("ModelPackage", _PACKAGE_DATA, "TrainingJob", _ARTIFACT),
    KindRelation("ModelPackage", "ModelPackageGroupName", "ModelPackageGroup", "ModelPackageGroupName"),
    KindRelation("TransformJob", "ModelName", "Model", "Model.ModelName"),
    KindRelation("PipelineExecution", "PipelineArn", "Pipeline", "PipelineArn"),
    KindRelation("PipelineVersion", "PipelineArn", "Pipeline", "PipelineArn"),
    KindRelation("HyperParameterTuningJob", "BestTrainingJob.TrainingJobName", "TrainingJob", "TrainingJobName"),
)


def related(searcher: Searcher, record: Record) -> tuple[RelatedRecords, ...]:
    """The records that a record names, and those that name it, kind by kind."""
    kinds = searcher.resources()
    links = [
        link
        for relation in RELATIONS
        if relation.kind in kinds and relation.other_kind in kinds
        for link in _of_relation(searcher, record, relation)
    ]
    return tuple(dict.fromkeys(links))


def _of_relation(searcher: Searcher, record: Record, relation: KindRelation) -> Iterator[RelatedRecords]:
    if record.resource == relation.kind:
        yield from _linked(
            searcher, record, relation.name, (relation.other_kind, relation.other_name), is_named_here=True
        )
    if record.resource == relation.other_kind:
        yield from _linked(searcher, record, relation.other_name, (relation.kind, relation.name), is_named_here=False)


def _linked(
    searcher: Searcher, record: Record, own: str, other: tuple[str, str], *, is_named_here: bool
) -> Iterator[RelatedRecords]:
    """The records of another kind that hold one of the texts that the record has under its own property."""
    kind, name = other
    schema = searcher.engine.schema(record.resource)
    if not schema.knows(own) or not searcher.engine.schema(kind).knows(name):
        return
    raws = read.raw_values(record.document, schema.property(own).steps)
    texts = list(dict.fromkeys(raw for raw in raws if isinstance(raw, str) and raw))[:TEXTS_MAX]
    if not texts:
        return
    items = ", ".join(map(write_value, texts))
    query = f"{write_name(name)} = {items}" if len(texts) == 1 else f"{write_name(name)} IN ({items})"
    result = searcher.quiet_result(query, resource=kind)
    number = result.total
    if number == 1:
        only = next(result.records())
        label = only.name or only.arn
        yield RelatedRecords(kind, label, RecordAddress(kind, label).url(), is_named_here)
    elif number:
        yield RelatedRecords(kind, f"{number:,} records", SearchAddress(kind, query).url(), is_named_here)
