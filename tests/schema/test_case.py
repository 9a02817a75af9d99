"""The service model's names in snake_case."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import case, notation
from smsearch.schema.catalogue import resource
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

DATA = Path(__file__).resolve().parents[2] / "data" / "exports"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("TrainingJobName", "training_job_name"),
        ("S3Uri", "s3_uri"),
        ("KmsKeyId", "kms_key_id"),
        ("VolumeSizeInGB", "volume_size_in_gb"),
        ("MLFlowARNs", "ml_flow_ar_ns"),
        ("Key", "key"),
    ],
)
def test_a_name_is_cut_where_a_word_begins(name: str, written: str) -> None:
    assert case.snake(name) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ResourceConfig.InstanceType", "resource_config.instance_type"),
        ("InputDataConfig.DataSource.S3DataSource.S3Uri", "input_data_config.data_source.s3_data_source.s3_uri"),
        ("HyperParameters.batchSize", "hyper_parameters.batchSize"),
        ("Tags.Key", "tags.Key"),
        ("Tags.cost Center.x", "tags.cost Center.x"),
        ("Metrics.Train:Loss", "metrics.Train:Loss"),
        ("SomethingNew", "SomethingNew"),
    ],
)
def test_keys_of_the_user_stay_in_the_name_of_a_column(name: str, written: str) -> None:
    assert case.column(name, resource("TrainingJob").root) == written


def test_keys_and_values_of_the_user_stay_in_a_document() -> None:
    members = {
        "TrainingJobName": "Job-A",
        "HyperParameters": {"maxDepth": "3"},
        "Environment": {"MY_Var": "X"},
        "Tags": [{"Key": "CostCenter", "Value": "ML"}],
        "NobodyKnows": {"InnerName": 1},
    }
    before = copy.deepcopy(members)
    assert case.document(members, resource("TrainingJob").root) == {
        "training_job_name": "Job-A",
        "hyper_parameters": {"maxDepth": "3"},
        "environment": {"MY_Var": "X"},
        "tags": [{"key": "CostCenter", "value": "ML"}],
        "NobodyKnows": {"InnerName": 1},
    }
    assert members == before


def test_what_goes_out_in_snake_case_comes_in_again_as_it_was() -> None:
    jobs = smsearch.open(DATA)
    for kind in jobs.resources():
        expected = [notation.document(record, notation.ISO) for record in _records(jobs, kind)]
        rows = [case.document(document, resource(kind).root) for document in expected]
        again = smsearch.from_records(rows)
        found = [notation.document(record, notation.ISO) for record in _records(again, kind)]
        assert rows
        assert _sorted(found) == _sorted(expected), kind


def _records(jobs: Searcher, kind: str) -> list[Record]:
    key = SortKey(jobs.engine.schema(kind).property(".".join(resource(kind).name_path)), SortOrder.ASCENDING)
    return list(jobs.engine.records(kind, Always(), key))


def _sorted(documents: list[dict[str, object]]) -> list[str]:
    return sorted(repr(sorted(document.items(), key=str)) for document in documents)
