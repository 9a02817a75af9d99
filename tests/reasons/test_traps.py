"""Traps are told in every engine alike, as warnings of the library too, and the diagnosis contradicts no answer."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.ingest import load
from smsearch.ingest.report import Report
from smsearch.predicate.predicate import COMPARISONS, Relation
from smsearch.searcher import Searcher
from tests.engines.segments import SEGMENTS, engine_over

if TYPE_CHECKING:
    from collections.abc import Iterator

RATES = ("0.1", "0.5", "1", "2.5", "0.0", "-0.5")


def documents() -> Iterator[dict[str, Any]]:
    for number, rate in enumerate(RATES):
        name = f"job-{number}"
        yield {
            "TrainingJobName": name,
            "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/{name}",
            "CreationTime": f"2024-01-0{number + 1}T00:00:00Z",
            "TrainingJobStatus": "Completed" if number else "Failed",
            "HyperParameters": {"rate": rate, "optimizer": "adam" if number == 1 else '"adam"', "epochs": f"{number}"},
            "Tags": [{"Key": "team", "Value": "Vision" if number < 2 else "NLP"}],
        }


@pytest.fixture(scope="module", params=SEGMENTS)
def jobs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    records = list(load.from_objects(documents(), Report()))
    return Searcher(engine_over(records, SEGMENTS[request.param], tmp_path_factory.mktemp("store")), Report())


def fractions(found: str, literal: str, meant: int) -> str:
    return (
        f"numbers are compared without fractions, as the service does, which finds {found}; "
        f"write {literal} to compare them whole, which finds {meant}"
    )


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("HyperParameters.rate > 0", [f"HyperParameters.rate > 0: {fractions('2 records', '0.0', 4)}"]),
        ("HyperParameters.rate = 0", [f"HyperParameters.rate = 0: {fractions('4 records', '0.0', 1)}"]),
        ("HyperParameters.rate != 0", [f"HyperParameters.rate != 0: {fractions('2 records', '0.0', 5)}"]),
        ("HyperParameters.rate = 2", [f"HyperParameters.rate = 2: {fractions('1 record', '2.0', 0)}"]),
        ("HyperParameters.rate > 0.0 AND HyperParameters.epochs > 2 AND HyperParameters.rate < 3", []),
        ("HyperParameters.optimizer = adam", ["HyperParameters.optimizer = 'adam': 5 more have '\"adam\"'"]),
        ("HyperParameters.optimizer = '\"adam\"'", ["HyperParameters.optimizer = '\"adam\"': 1 more has 'adam'"]),
        (
            "HyperParameters.optimizer IN (sgd, '\"adam\"')",
            ["HyperParameters.optimizer IN ('sgd', '\"adam\"'): 1 more has 'adam'"],
        ),
        ("HyperParameters.optimizer CONTAINS adam", []),
        (
            "status LIKE 'comp%' AND NOT Tags.team CONTAINS vis AND Tags.team LIKE 'V%'",
            [
                f"{written}: no record has this, and {found} it in letters of another case, which ILIKE finds"
                for written, found in (
                    ("TrainingJobStatus LIKE 'comp%'", "5 have"),
                    ("Tags.team CONTAINS 'vis'", "2 have"),
                )
            ],
        ),
        ("status ILIKE 'comp%' AND status LIKE 'x%'", []),
        ("status = completed", ["TrainingJobStatus = 'completed': no record has 'completed', and 5 have 'Completed'"]),
        ("status != FAILED", ["TrainingJobStatus != 'FAILED': no record has 'FAILED', and 1 has 'Failed'"]),
        (
            "NOT (Tags.team = vision OR status = Failed)",
            ["Tags.team != 'vision': no record has 'vision', and 2 have 'Vision'"],
        ),
        ("Tags.team IN (Vision, nlp)", ["Tags.team IN ('Vision', 'nlp'): no record has 'nlp', and 4 have 'NLP'"]),
        ("status = Failed OR Tags.team = Vision", []),
        ("Tags.taem = Vision", ["no TrainingJob record has Tags.taem; did you mean Tags.team?"]),
        (
            "SELECT name, Tags.taem ORDER BY Metrics.loss",
            [
                "no TrainingJob record has Metrics.loss",
                "no TrainingJob record has Tags.taem; did you mean Tags.team?",
            ],
        ),
        ("", []),
    ],
)
def test_a_trap_is_told_once(jobs: Searcher, query: str, sentences: list[str]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = jobs.query(query)
    assert list(result.warnings()) == sentences
    assert [str(warning.message) for warning in caught] == sentences
    assert {warning.category for warning in caught} <= {smsearch.SmsearchWarning}
    assert {warning.filename for warning in caught} <= {__file__}


def test_the_numbers_of_a_trap_are_those_of_the_queries(jobs: Searcher) -> None:
    assert [len(jobs.query(f"HyperParameters.rate {rest}")) for rest in ("> 0", "> 0.0", "!= 0", "!= 0.0")] == [
        2,
        4,
        2,
        5,
    ]


def test_columns_and_facets_warn_too(jobs: Searcher) -> None:
    result = jobs.query("")
    with pytest.warns(
        smsearch.SmsearchWarning, match=r"no TrainingJob record has Tags\.taem; did you mean Tags\.team\?"
    ):
        result.facet("Tags.taem")
    with pytest.warns(smsearch.SmsearchWarning, match=r"Metrics\.loss"):
        result.to_arrow(["name", "Metrics.loss"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result.facet("Tags.team")
        result.to_arrow(["name", "team"])


def test_json_does_not_warn(jobs: Searcher) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        jobs.query({"Filters": [{"Name": "TrainingJobStatus", "Value": "failed", "Operator": "Equals"}]})


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("literal", ["0", "1", "2", "-1", "3", "0.5", "0.0", "-0.5", "7"])
def test_the_diagnosis_contradicts_no_answer(jobs: Searcher, relation: Relation, literal: str) -> None:
    result = jobs.query(f"HyperParameters.rate {relation} {literal}")
    (finding,) = result.diagnose().findings
    near = finding.nearest
    assert finding.alone == len(result)
    if finding.alone:
        assert near == type(near)()
    elif near.literal:
        assert len(jobs.query(f"HyperParameters.rate {relation} {near.literal}")) > 0
    else:
        ends = {Decimal(near.lowest), Decimal(near.highest)}
        assert ends == {min(map(Decimal, RATES)), max(map(Decimal, RATES))}
        assert not any(COMPARISONS[relation](end, Decimal(literal)) for end in ends)


@pytest.mark.parametrize("query", ["status = compleded", "Tags.team = vison", "HyperParameters.optimizer = adm"])
def test_the_nearest_value_of_the_diagnosis_finds_something(jobs: Searcher, query: str) -> None:
    (finding,) = jobs.query(query).diagnose().findings
    name = query.partition(" = ")[0]
    assert len(jobs.query(f"{name} = :value", value=finding.nearest.value)) > 0
