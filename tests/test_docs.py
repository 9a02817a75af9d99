"""The README and the documents tell the truth: their Python runs, and their commands print what they show.

The ```python blocks of a document are executed in one namespace. In a ```console block each line that begins
with `$ smsearch` is run (a backslash at its end continues it), and where output stands below it, standard
output must be just that. Both run in a folder where the project's `data/` lies.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.here import run_here
from tests.exports_once import exports_read_once

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
FENCE = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a document, and the standard output shown below it (`""` is none shown)."""

    line: str
    output: str


def blocks(text: str, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of one language, each with the number of its first line."""
    return [
        (text.count("\n", 0, found.start()) + 2, found[2]) for found in FENCE.finditer(text) if found[1] == language
    ]


def commands(block: str) -> list[Command]:
    """The `$ smsearch` commands of a console block; other commands are passed over."""
    found = []
    for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        if line.startswith("smsearch "):
            found.append(Command(line, output.strip("\n")))
    return found


def trimmed(text: str) -> str:
    """Output as a document can hold it: without blanks at the ends of lines, or the last line feed."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a reader tries one thing after another, so that a store is there once it was made."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "data").symlink_to(ROOT / "data", target_is_directory=True)
    return folder


@pytest.fixture
def folder(reader: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(reader)
    return reader


def _python_documents() -> list[Path]:
    return [document for document in DOCUMENTS if blocks(document.read_text(encoding="utf-8"), "python")]


def _commands() -> list[object]:
    return [
        pytest.param(command, id=f"{document.name}:{line}:{number}")
        for document in DOCUMENTS
        for line, block in blocks(document.read_text(encoding="utf-8"), "console")
        for number, command in enumerate(commands(block))
    ]


@pytest.mark.parametrize("document", _python_documents(), ids=lambda document: document.name)
@pytest.mark.usefixtures("folder")
def test_the_python_of_a_document_runs(document: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    for line, block in blocks(document.read_text(encoding="utf-8"), "python"):
        code = compile("\n" * (line - 1) + block, str(document), "exec")
        exec(code, namespace)  # noqa: S102 - running the documents' own code is what this test is for


def test_the_python_of_the_readme_passes_mypy_strict(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    program = tmp_path / "readme.py"
    program.write_text("\n".join(block for _, block in blocks(text, "python")), encoding="utf-8")
    mypy = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--strict", str(program)]
    done = subprocess.run(mypy, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", _commands())
@pytest.mark.usefixtures("folder")
def test_a_command_prints_what_the_document_shows(command: Command) -> None:
    surroundings = {"NO_COLOR": "1", "COLUMNS": "110"}
    with exports_read_once():
        done = run_here(*shlex.split(command.line)[1:], **surroundings)
    assert done.code == 0, done.stderr
    if command.output:
        assert trimmed(done.stdout) == trimmed(command.output)


def test_the_readme_shows_both_doors() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert blocks(readme, "python")
    assert any(commands(block) for _, block in blocks(readme, "console"))


def test_commands_are_found_with_their_output() -> None:
    shown = "$ ls\nfile\n$ smsearch count a \\\n    b\n3\n\n$ smsearch info\n"
    text = f"x\n```console\n{shown}```\n```text\n$ smsearch no\n```\n"
    ((line, block),) = blocks(text, "console")
    assert line == 3
    assert commands(block) == [Command("smsearch count a      b", "3"), Command("smsearch info", "")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert not missing
