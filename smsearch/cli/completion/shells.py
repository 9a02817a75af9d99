"""The scripts that make a shell ask for completions, and the answers as each shell takes them.

bash puts an answer in the place of what stands after its last word break or open quote, so answers are escaped and cut
for it; zsh wants them escaped inside an open quote, which its line buffer does not show; fish does both itself.
"""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from smsearch.cli.completion.complete import Completions, complete
from smsearch.cli.completion.line import read
from smsearch.cli.terminal import has_controls

if TYPE_CHECKING:
    from smsearch.cli.completion.line import Line

VARIABLE: Final = "_SMSEARCH_COMPLETE"
"""The environment variable that names the shell; `_SMSEARCH_LINE` holds the line up to the cursor."""
FILES: Final = "\x1ffiles"
"""An answer that stands for the files that the shell itself would offer."""
KEEP: Final = "\x1fkeep"
"""An answer that says that what is typed stays as it is: what all answers begin with is shorter, for their quotes."""
_BREAKS: Final = " \t\n\"'><=;|&(:"
_SPECIAL: Final = frozenset(" \t\n\"'\\`$&|;<>()*?[]{}!#~")

BASH: Final = """\
_smsearch_complete() {
    local reply files= keep=
    COMPREPLY=()
    while IFS= read -r reply; do
        if [[ $reply == $'\\x1ffiles' ]]; then files=1
        elif [[ $reply == $'\\x1fkeep' ]]; then keep=1
        else COMPREPLY+=("$reply"); fi
    done < <(_SMSEARCH_COMPLETE=bash _SMSEARCH_LINE="${COMP_LINE:0:COMP_POINT}" _SMSEARCH_BREAKS="$COMP_WORDBREAKS" \\
        "$1" 2>/dev/null)
    if [[ -n $files && ${#COMPREPLY[@]} -eq 0 ]]; then
        compopt -o default 2>/dev/null
    elif [[ ${#COMPREPLY[@]} -gt 0 ]]; then
        compopt -o nospace 2>/dev/null
        [[ -n $keep ]] && COMPREPLY+=(" ")
    fi
    return 0
}
complete -F _smsearch_complete smsearch
"""
ZSH: Final = """\
#compdef smsearch
_smsearch() {
    local reply files keep
    local -a replies
    while IFS= read -r reply; do
        if [[ $reply == $'\\x1ffiles' ]]; then files=1
        elif [[ $reply == $'\\x1fkeep' ]]; then keep=1
        else replies+=("$reply"); fi
    done < <(_SMSEARCH_COMPLETE=zsh _SMSEARCH_LINE="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX" \\
        "${words[1]}" 2>/dev/null)
    local quoted=${compstate[quote]:+-Q}
    (( $#replies )) && compadd -U $quoted -S '' -a replies
    [[ -n $keep ]] && compstate[insert]='' compstate[list]=list
    [[ -n $files ]] && _files
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _smsearch "$@"
else
    compdef _smsearch smsearch
fi
"""
FISH: Final = """\
function __smsearch_complete
    for reply in (_SMSEARCH_COMPLETE=fish _SMSEARCH_LINE=(commandline -cp | string collect) smsearch 2>/dev/null)
        if test "$reply" = \\x1ffiles
            __fish_complete_path (commandline -ct)
        else
            printf '%s\\n' $reply
        end
    end
end
complete -c smsearch -f -a '(__smsearch_complete)'
"""
SCRIPTS: Final = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def answer(shell: str) -> int:
    """Writes what may stand at the end of the line that the shell has put into the environment; returns 0."""
    line = read(os.environ.get("_SMSEARCH_LINE", ""))
    breaks = os.environ.get("_SMSEARCH_BREAKS", _BREAKS)
    completions = complete(line)
    words = tuple(word for word in completions.words if "\n" not in word and not has_controls(word))
    written = written_for(shell, line, Completions(words, completions.files), breaks)
    sys.stdout.buffer.write("".join(f"{one}\n" for one in written).encode())
    return 0


def written_for(shell: str, line: Line, completions: Completions, breaks: str = _BREAKS) -> list[str]:
    """The answers for a shell, `FILES` where files may stand too, and `KEEP` where it would erase what is typed."""
    words, typed = [word for word in completions.words if _stays(word, shell, line)], line.last
    if shell == "bash":
        words, typed = [_for_bash(word, line, breaks) for word in words], _typed_for_bash(line, breaks)
    elif shell == "zsh" and line.quote:
        words = [_in_quotes(word, line.quote) for word in words]
    shared = os.path.commonprefix(words)  # noqa: RUF071 - of texts, as shells have it
    is_erased = shell != "fish" and not _bare(shared).startswith(_bare(typed))
    return words + [FILES] * completions.files + [KEEP] * (is_erased and len(words) > 1)


def _stays(word: str, shell: str, line: Line) -> bool:
    """Whether a shell leaves a word as it is.

    Between double quotes bash and zsh put an earlier command in the place of `!a`, and nothing there keeps them from
    it. To fish what follows a tab describes the word.
    """
    if shell == "fish":
        return "\t" not in word
    return line.quote != '"' or not any(one == "!" and after not in " \t=" for one, after in pairwise(word))


def _for_bash(word: str, line: Line, breaks: str) -> str:
    """What bash puts after the open quote, or after the last word break that is not quoted."""
    if line.quote:
        return _in_quotes(word[len(line.before_quote) :], line.quote)
    escaped = "".join(f"\\{character}" if character in _SPECIAL else character for character in word)
    return escaped[_last_break(line, breaks) :]


def _typed_for_bash(line: Line, breaks: str) -> str:
    """What bash puts an answer in the place of."""
    return line.last[len(line.before_quote) :] if line.quote else line.raw[_last_break(line, breaks) :]


def _last_break(line: Line, breaks: str) -> int:
    """Where in the raw word what follows the last word break begins."""
    return max((at + 1 for at, one in enumerate(line.raw) if one in breaks and not _escaped(line.raw, at)), default=0)


def _bare(text: str) -> str:
    """A text without what its spelling adds, in lower case, as names are completed."""
    return "".join(letter for letter in text if letter not in "\"'\\").lower()


def _in_quotes(word: str, quote: str) -> str:
    """A word as it stands behind an open quote."""
    if quote == "'":
        return word.replace("'", "'\\''")
    return "".join(f"\\{character}" if character in '"\\$`' else character for character in word)


def _escaped(raw: str, at: int) -> bool:
    return at > 0 and raw[at - 1] == "\\"
