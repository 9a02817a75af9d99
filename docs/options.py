"""Writes the lists of options in `cli.md` from click's commands: `make options`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from smsearch.cli.group import command

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCUMENT: Final = Path(__file__).with_name("cli.md")
BEGIN: Final = "<!-- options: made by `make options` -->\n"
END: Final = "<!-- end of options -->\n"


def lists() -> str:
    """The arguments and options of each verb, and what each option does, in Markdown."""
    context = click.Context(command, info_name="smsearch")
    verbs = {name: command.get_command(context, name) for name in command.list_commands(context)}
    usages = [("verb", "arguments"), ("---", "---")]
    options: dict[tuple[str, str], list[str]] = {}
    for name, verb in verbs.items():
        if verb is None:  # pragma: no cover - each verb that is listed exists
            continue
        context_of_verb = click.Context(verb, info_name=name)
        arguments = " ".join(verb.collect_usage_pieces(context_of_verb)[1:])
        usages.append((f"`{name}`", f"`{arguments}`" if arguments else ""))
        for parameter in verb.params:
            record = parameter.get_help_record(context_of_verb) if isinstance(parameter, click.Option) else None
            if record is not None:
                options.setdefault(record, []).append(name)
    rows = [("option", "what it does", "verbs"), ("---", "---", "---")]
    for (spelling, text), names in options.items():
        rows.append((f"`{spelling}`", text, "every verb" if len(names) == len(verbs) else ", ".join(names)))
    return _table(usages) + "\n" + _table(rows)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def spliced(document: str) -> str:
    """The document with the lists of today between its marks."""
    head, _, rest = document.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{lists()}{END}{tail}"


if __name__ == "__main__":
    DOCUMENT.write_text(spliced(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
