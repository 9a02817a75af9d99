"""Finds records by what they belong to: by a parent's name or ARN, by a trial, by an experiment.

A dump may have a parent's children and not the parent: its name is then read off the ARNs that the children hold. What
tells that a trial component belongs to a trial is spread over several kinds: the component's Parents, the trial's own
list, the jobs that were made for the trial, and associations. It knows no input's shape, and nothing of pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always, Match, Predicate, TextIn, any_of
from smsearch.schema import catalogue
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

_JOBS: Final = ("TrainingJob", "ProcessingJob", "TransformJob")
"""Kinds that say in their ExperimentConfig for which trial they were made."""


def property_of(kind: str, name: str, searcher: Searcher) -> Property:
    """A property by its name within what Describe shows."""
    inner = catalogue.resource(kind).inner
    return searcher.engine.schema(kind).property(f"{inner}.{name}" if inner else name)


def texts_of(kind: str, prop: Property, searcher: Searcher, prefix: str = "") -> Iterator[str]:
    """The different texts of a property among all records of a kind, those with a prefix."""
    (counts,) = searcher.engine.value_counts(kind, Always(), [prop])
    return (text for text, _ in counts.items(prefix) if isinstance(text, str))


def arns_of_parent(kind: str, prop: Property, parent: str, name: str, searcher: Searcher) -> tuple[str, ...]:
    """The ARNs of the records of another kind that have a name; `()` if neither they nor their children are there.

    Args:
        kind: The children's kind.
        prop: Where a child has its parent's ARN.
        parent: The parent's kind.
        name: The parent's name, or its ARN.
        searcher: Whose records they are.
    """
    if name.startswith("arn:"):
        return (name,)
    arns = {record.arn for record in searcher.engine.find(parent, name) if record.arn}
    if not arns:  # an ARN may spell a name in small letters
        arns = {arn for arn in texts_of(kind, prop, searcher) if arn.rpartition("/")[2].lower() == name.lower()}
    return tuple(sorted(arns))


def trials_of_component(name: str, searcher: Searcher) -> Predicate:
    """The trials that a trial component belongs to."""
    kind = "ExperimentTrial"
    own = property_of(kind, "TrialComponentSummaries.TrialComponentName", searcher)
    names: set[str] = set()
    for component in searcher.engine.find("ExperimentTrialComponent", name):
        names |= {trial for parent in _list_in(component.document, "Parents") if (trial := _text(parent, "TrialName"))}
        names |= _trials_of_source(_text(component.document.get("Source"), "SourceArn"), searcher)
    return any_of([Match(own, TextIn((name,))), _named(kind, "TrialName", names, searcher)])


def _trials_of_source(arn: str, searcher: Searcher) -> set[str]:
    """The trial that a component's job was made for."""
    jobs = (job for kind in _JOBS for job in searcher.engine.find(kind, arn)) if arn else ()
    return {trial for job in jobs if (trial := _text(job.document.get("ExperimentConfig"), "TrialName"))}


def components_of_trial(name: str, searcher: Searcher) -> Predicate:
    """The trial components that belong to a trial."""
    parents = property_of("ExperimentTrialComponent", "Parents.TrialName", searcher)
    return any_of(
        [
            Match(parents, TextIn((name,))),
            *_components(searcher.engine.find("ExperimentTrial", name), searcher),
            _of_jobs("TrialName", (name,), searcher),
        ]
    )


def components_of_experiment(name: str, searcher: Searcher) -> Predicate:
    """The trial components that belong to an experiment, most of them by one of its trials."""
    parents = property_of("ExperimentTrialComponent", "Parents.ExperimentName", searcher)
    own = Match(property_of("ExperimentTrial", "ExperimentName", searcher), TextIn((name,)))
    trials = list(_matches("ExperimentTrial", own, searcher))
    by_trial = property_of("ExperimentTrialComponent", "Parents.TrialName", searcher)
    return any_of(
        [
            Match(parents, TextIn((name,))),
            Match(by_trial, TextIn(tuple(sorted({trial.name for trial in trials})))),
            *_components([*trials, *searcher.engine.find("Experiment", name)], searcher),
            _of_jobs("ExperimentName", (name,), searcher),
        ]
    )


def _components(owners: Iterable[Any], searcher: Searcher) -> Iterator[Predicate]:
    """The components that a trial's own list names, and those that are associated with a trial or an experiment."""
    kind = "ExperimentTrialComponent"
    owners = list(owners)
    summaries = [summary for owner in owners for summary in _list_in(owner.document, "TrialComponentSummaries")]
    yield _named(kind, "TrialComponentName", {_text(summary, "TrialComponentName") for summary in summaries}, searcher)
    arns = tuple(sorted({owner.arn for owner in owners if owner.arn}))
    ends = {"SourceArn": "DestinationArn", "DestinationArn": "SourceArn"}
    for end, other in ends.items() if arns else ():
        associated = Match(property_of("Association", end, searcher), TextIn(arns))
        components = {_text(record.document, other) for record in _matches("Association", associated, searcher)}
        yield _named(kind, "TrialComponentArn", components, searcher)


def _of_jobs(member: str, names: tuple[str, ...], searcher: Searcher) -> Predicate:
    """The components of the jobs that were made for a trial or an experiment."""
    arns = set()
    for kind in _JOBS:
        own = Match(property_of(kind, f"ExperimentConfig.{member}", searcher), TextIn(names))
        arns |= {job.arn for job in _matches(kind, own, searcher)}
    return _named("ExperimentTrialComponent", "Source.SourceArn", arns, searcher)


def _named(kind: str, name: str, texts: set[str], searcher: Searcher) -> Predicate:
    there = tuple(sorted(texts - {""}))
    return Match(property_of(kind, name, searcher), TextIn(there)) if there else any_of([])


def _matches(kind: str, predicate: Predicate, searcher: Searcher) -> Iterator[Any]:
    if kind not in searcher.resources():
        return iter(())
    name = searcher.engine.schema(kind).property(".".join(catalogue.resource(kind).name_path))
    return searcher.engine.records(kind, predicate, SortKey(name, SortOrder.ASCENDING))


def _list_in(document: Any, name: str) -> list[Any]:  # noqa: ANN401 - what an export holds
    value = document.get(name)
    return value if isinstance(value, list) else []


def _text(value: Any, name: str) -> str:  # noqa: ANN401 - what an export holds
    text = value.get(name) if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""


RELATED: Final[dict[str, Callable[[str, Searcher], Predicate]]] = {
    "components_of_experiment": components_of_experiment,
    "components_of_trial": components_of_trial,
    "trials_of_component": trials_of_component,
}
"""What an operation's filter asks, if other kinds' records tell it, by the test that the operation names."""
