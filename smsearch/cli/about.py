"""What the command says of itself without click: its version, and the short help."""

from __future__ import annotations

from typing import Final

from smsearch import __version__

EXAMPLES: Final = """\
  smsearch search exports/ "status = Failed AND created > ago(7d)"
  smsearch facet exports/ status InstanceType
  smsearch describe exports/ NAME"""
SHORT_HELP: Final = f"""\
SageMaker Search, offline: ask exported records what you would ask the service.

{EXAMPLES}

smsearch --help lists the verbs, smsearch VERB --help the options of one."""


def version_line() -> str:
    """The version of the command, and who reads exports."""
    from smsearch.ingest import compiled

    return f"smsearch {__version__} ({compiled.described()})"
