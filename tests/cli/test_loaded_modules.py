"""What each verb loads, in one table: a command that answers one question mostly loads modules.

The numbers may fall at any time. Raise one only with a reason; the last one: stored documents are respelled and
indented by two modules, which spare a response orjson.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.test_process import ENVIRONMENT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

REQUEST: Final = json.dumps({"Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Failed"}]})
TEXT: Final = "TrainingJobStatus = Failed"
LOADED: Final = {
    # what is asked: modules of smsearch at most, and the libraries
    ("--version",): (14, ""),
    (): (11, ""),
    ("search", "store", REQUEST, "-f", "names", "-q"): (101, ""),
    ("count", "store", REQUEST, "-q"): (98, ""),
    ("search", "store", TEXT, "-f", "names", "-q"): (119, ""),
    ("count", "store", TEXT, "-q"): (116, ""),
    ("search", "store", REQUEST, "-f", "aws", "-q"): (116, ""),
    ("search", "store", REQUEST, "-f", "jsonl", "-q"): (105, ""),
    ("search", "store", REQUEST, "-f", "table", "-q"): (127, ""),
    ("facet", "store", "TrainingJobStatus", "-q"): (162, "numpy orjson"),
    ("describe", "store", "cat-1", "-q"): (111, "orjson"),
    ("search", "--help"): (21, ""),
}
SCRIPT: Final = """
import builtins
import sys
compiled, compile_really = [], builtins.compile
def compile(source, name, *more, **named):
    compiled.extend([source] if name == "<string>" else [])
    return compile_really(source, name, *more, **named)
builtins.compile = compile
before = set(sys.modules)
from smsearch.cli.main import run
run(sys.argv[1:])
after = {name.partition(".")[0] for name in set(sys.modules) - before if name[0] != "_"} - sys.stdlib_module_names
own = [name for name in sys.modules if name.partition(".")[0] == "smsearch" and name != "smsearch.cli.main"]
print(compiled, len(own), *sorted(after - {"smsearch", "cython_runtime"}), sep="; ", file=sys.stderr)
"""


@pytest.fixture
def store(run: Run, folder: Path) -> Path:
    """The dump of `conftest.py` as the store `store` in the current folder."""
    assert run("index", "jobs.jsonl", "-o", "store", "-q").exit_code == 0
    return folder / "store"


@pytest.mark.parametrize("arguments", LOADED, ids=lambda arguments: " ".join(arguments) or "nothing")
@pytest.mark.usefixtures("store")
def test_a_verb_loads_no_more_than_the_table_says(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    compiled, own, *libraries = done.stderr.rstrip().split("; ")
    most, allowed = LOADED[arguments]
    assert int(own) <= most
    assert libraries == allowed.split()
    assert compiled == "[]" or "numpy" in libraries, "the first text that is compiled takes a process a millisecond"
