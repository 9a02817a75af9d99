"""The committed catalogue is what the generators make of the installed service model, and leaves out what they say."""

from __future__ import annotations

from typing import Any

import botocore.session
import orjson
import pytest

from grammar.catalogue import generate
from grammar.catalogue.kinds import IDENTITY, KEYS, LEFT_OUT, LISTED, PARENTS, SHARED_ARN, VERSIONS
from grammar.catalogue.listings import listings
from smsearch.schema import catalogue, operations

SHOWN = ("Describe", "List")
"""How the names of operations begin that show records."""


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return generate.generate()


@pytest.fixture(scope="module")
def model() -> Any:  # noqa: ANN401 - botocore's models are untyped
    return botocore.session.get_session().get_service_model("sagemaker")


def content(path: Any) -> dict[str, Any]:  # noqa: ANN401 - a path
    """A committed file's content, whatever version of botocore it says that it was made with."""
    committed: dict[str, Any] = orjson.loads(path.read_bytes())
    return {name: part for name, part in committed.items() if name != "source"}


def test_the_committed_catalogue_is_what_the_installed_model_gives(made: dict[str, Any]) -> None:
    committed = content(generate.TARGET)
    assert made.keys() - {"source"} == committed.keys()
    for part, entries in committed.items():
        for name, entry in entries.items():
            assert made[part].get(name) == entry, f"{part}: {name}: run `make schema`"
        assert made[part].keys() == entries.keys(), part


def test_the_committed_operations_are_what_the_installed_model_gives(made: dict[str, Any]) -> None:
    committed = content(generate.OPERATIONS)["operations"]
    written = generate.generate_operations(made)["operations"]
    for name, entry in committed.items():
        assert written.get(name) == entry, f"{name}: run `make schema`"
    assert written.keys() == committed.keys()


def test_the_committed_writes_are_what_the_installed_model_gives(made: dict[str, Any]) -> None:
    committed = content(generate.WRITES)
    written = generate.generate_writes(made, generate.generate_operations(made)["operations"])
    for part, entries in committed.items():
        for name, entry in entries.items():
            assert written[part].get(name) == entry, f"{name}: run `make schema`"
        assert written[part].keys() == entries.keys(), part


def test_an_operation_is_answered_or_writes_or_only_reads(model: Any) -> None:  # noqa: ANN401
    committed = content(generate.WRITES)
    answered = {"Search", "GetSearchSuggestions", *operations.names()}
    parts = (answered, committed["writes"].keys(), committed["readings"].keys())
    assert sum(map(len, parts)) == len(set(model.operation_names))
    assert set().union(*parts) == set(model.operation_names)


def test_a_committed_file_is_written_as_it_would_be_again(made: dict[str, Any]) -> None:
    source = orjson.loads(generate.TARGET.read_bytes())["source"]
    assert generate.TARGET.read_text(encoding="utf-8") == generate.text_of({**made, "source": source})


def test_the_catalogue_says_what_it_was_made_from() -> None:
    source = orjson.loads(generate.TARGET.read_bytes())["source"]
    assert source["service"] == "sagemaker"
    assert source["api_version"] == "2017-07-24"


def test_every_operation_that_shows_records_is_answered_or_left_out_with_a_reason(model: Any) -> None:  # noqa: ANN401
    shown = {name for name in model.operation_names if name.startswith(SHOWN)}
    answered = {name for name in operations.names() if name.startswith(SHOWN)}
    assert shown == answered | LEFT_OUT.keys()
    assert not answered & LEFT_OUT.keys()
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_every_kind_that_is_described_and_listed_is_kept(model: Any) -> None:  # noqa: ANN401
    kinds = {operations.operation(name).kind for name in operations.names()} - {""}
    assert kinds <= set(catalogue.kinds())
    assert {
        *(f"{kind}JobDefinition" for kind in ("DataQuality", "ModelBias", "ModelQuality", "ModelExplainability")),
        "InferenceExperiment",
        "InferenceRecommendationsJob",
        "MlflowTrackingServer",
        "MlflowApp",
        "Workteam",
        "TrainingSession",
        "ClusterNode",
        "ClusterExtension",
        "Association",
        "PipelineExecutionStep",
        "MonitoringExecution",
    } <= kinds
    described = {name.removeprefix("Describe") for name in model.operation_names if name.startswith("Describe")}
    keys = {catalogue.resource(kind).record_key for kind in catalogue.kinds()}
    left_out = {name.removeprefix("Describe") for name in LEFT_OUT}
    assert {kind.removesuffix("V2") for kind in described} - left_out <= keys


def test_what_the_tables_say_by_hand_is_of_kinds_that_there_are() -> None:
    for table in (IDENTITY, KEYS, PARENTS, SHARED_ARN, VERSIONS):
        assert set(table) <= set(catalogue.kinds())
    assert set(LISTED.values()) <= set(catalogue.kinds())


def test_an_operation_of_an_unknown_kind_stops_the_generator(
    model: Any,  # noqa: ANN401
    made: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(LISTED, "ListResourceCatalogs")
    fewer = {kind: entry for kind, entry in made["resources"].items() if kind != "ResourceCatalog"}
    with pytest.raises(ValueError, match="ListResourceCatalogs lists records of no kind"):
        list(listings(model, {**made, "resources": fewer}))
    monkeypatch.delitem(IDENTITY, "MlflowApp")
    with pytest.raises(ValueError, match="DescribeMlflowApp shows records of no identity"):
        generate.generate()
