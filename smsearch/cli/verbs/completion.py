"""`smsearch completion`: the script that makes a shell complete names and values."""

from __future__ import annotations

import sys

from smsearch.cli import exit_codes
from smsearch.cli.completion.shells import SCRIPTS
from smsearch.cli.verb import Verb, positional


class CompletionVerb(Verb):
    """Prints a script that completes verbs, options, files, resources, properties and their values.

    bash: eval "$(smsearch completion bash)" in ~/.bashrc; zsh: the same with zsh in ~/.zshrc, after compinit;
    fish: smsearch completion fish > ~/.config/fish/completions/smsearch.fish. Nothing is written to any file.
    """

    examples = (
        "completion bash > ~/.smsearch.bash",
        "completion zsh > ~/.zfunc/_smsearch",
        "completion fish > ~/.config/fish/completions/smsearch.fish",
    )

    shell: str = positional("SHELL", tuple(SCRIPTS))

    def run(self) -> int:
        """Prints the script."""
        sys.stdout.write(SCRIPTS[self.shell])
        return exit_codes.DONE
