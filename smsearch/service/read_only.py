"""What operations that write are answered: that records do not change here, or that what they ask for is there already.

The SageMaker SDK loads what it has made before by making it again: `Run`, `load_run` and `list_runs` create an
experiment, a trial and a trial component, and read them when the service says that they exist. So those are answered as
the service answers them, and reading works. Row L9 of docs/semantics.md. It changes nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import ServiceError
from smsearch.predicate.predicate import Match, TextIn, all_of
from smsearch.schema import writes
from smsearch.service.existing import is_held, refuse_existing
from smsearch.service.inputs import checked
from smsearch.service.relations import components_of_trial, property_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.searcher import Searcher

DENIED: Final = "AccessDeniedException"
_BEFORE_READING: Final = ("CreateExperiment", "CreateTrial", "CreateTrialComponent", "AddAssociation")
"""Operations that clients call to load what is there."""
_ASSOCIATE: Final = "AssociateTrialComponent"
_COMPONENT: Final = "ExperimentTrialComponent"


def answered(name: str, members: Mapping[str, Any], searcher: Searcher) -> dict[str, Any]:
    """The output of an operation that writes, if it would change nothing.

    Args:
        name: The operation's name.
        members: Its input.
        searcher: The records.

    Raises:
        ServiceError: ValidationException as the service says that something exists already; else
            AccessDeniedException, with HTTP status 400 as the service has it.
    """
    write = writes.write(name) if name in _BEFORE_READING else None
    if write is not None:
        refuse_existing(write, checked(write, dict(members), partial(is_held, write, searcher)), searcher)
    trial, component = members.get("TrialName"), members.get("TrialComponentName")
    if name == _ASSOCIATE and isinstance(trial, str) and isinstance(component, str):
        arns = _associated(trial, component, searcher)
        if arns is not None:
            return arns
    message = f"{name} would change something, and this endpoint is read-only: it answers from exported records."
    raise ServiceError(DENIED, message)


def _associated(trial: str, component: str, searcher: Searcher) -> dict[str, Any] | None:
    """The ARNs of a trial and of a component that belongs to it; None if the records do not tell that it does."""
    named = Match(property_of(_COMPONENT, "TrialComponentName", searcher), TextIn((component,)))
    if not searcher.engine.count(_COMPONENT, all_of([named, components_of_trial(trial, searcher)])):
        return None
    ends = {
        "TrialArn": searcher.engine.find("ExperimentTrial", trial),
        "TrialComponentArn": searcher.engine.find(_COMPONENT, component),
    }
    return {member: records[0].arn for member, records in ends.items() if records and records[0].arn}
