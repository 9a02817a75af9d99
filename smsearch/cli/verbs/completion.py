"""`smsearch completion`: the script that makes a shell complete names and values."""

from __future__ import annotations

import sys

import click

from smsearch.cli import options
from smsearch.cli.completion.shells import SCRIPTS


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
@options.debug
def command(*, shell: str) -> None:
    """Prints a script that completes verbs, options, files, resources, properties and their values.

    bash: eval "$(smsearch completion bash)" in ~/.bashrc; zsh: the same with zsh in ~/.zshrc, after compinit;
    fish: smsearch completion fish > ~/.config/fish/completions/smsearch.fish. Nothing is written to any file.
    """
    sys.stdout.write(SCRIPTS[shell])
