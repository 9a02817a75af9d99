"""The verbs of the command: the table of their names, and a module for each, loaded when the verb is used.

A new verb is one line in `VERBS` and one module of the same name, which holds its class: `count` is `CountVerb` in
`count.py`. See `verb.py` for what the class declares.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.cli.verb import Verb

VERBS: Final[Mapping[str, str]] = {
    "search": "The matching records.",
    "count": "How many records match, as one number.",
    "describe": "One record in full.",
    "diff": "Two records, or two queries: only what differs.",
    "convert": "Text, JSON, an aws command, a boto3 call: one into the other.",
    "facet": "The values of properties among the matches, counted.",
    "group": "The matches in groups: counts, sums, averages, the best.",
    "plot": "A figure of the matches, as HTML, SVG, PNG, PDF or JSON.",
    "values": "Every value of a property, in order.",
    "schema": "Each property: its type, and how many records have it.",
    "explain": "Show how a query is understood, planned and answered.",
    "why": "Why a record is in a result, or is not.",
    "index": "Make a store of exports, or add them to one.",
    "archive": "Make an archive for a cluster, or add to one.",
    "info": "Say what is in a store or an archive.",
    "check": "Verify a store or an archive, or that exports can be read.",
    "serve": "Answer boto3, the AWS CLI and the SageMaker SDK over HTTP.",
    "export": "Fetch a dump from an account or an endpoint.",
    "completion": "Print the completion script of a shell.",
}
"""What each verb does, in the order of the help."""


def load(name: str) -> type[Verb] | None:
    """The verb of a name, or None."""
    if name not in VERBS:
        return None
    verb: type[Verb] = getattr(importlib.import_module(f"smsearch.cli.verbs.{name}"), f"{name.capitalize()}Verb")
    return verb
