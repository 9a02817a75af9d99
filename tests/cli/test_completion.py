"""Completion: what is offered at the end of a line; what shells make of it is in test_shells.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsearch.cli.completion.complete import Completions, complete
from smsearch.cli.completion.line import read
from smsearch.cli.completion.shells import FILES, SCRIPTS, written_for
from smsearch.syntax.text import unfinished
from smsearch.syntax.text.unfinished import Wanted

if TYPE_CHECKING:
    from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(run: Run, folder: Path) -> Path:
    """The dump of `conftest.py` as the store `jobs.store` in the current folder."""
    assert run("index", "jobs.jsonl", "-o", "jobs.store", "-q").exit_code == 0
    return folder / "jobs.store"


@pytest.mark.parametrize(
    ("shell", "text", "word", "count"),
    [
        ("bash", """smsearch count s "status = '""", "status = 'a!b'", 0),
        ("bash", """smsearch count s "status = '""", "status = 'a!'", 0),
        ("bash", """smsearch count s "status = '""", "status = 'a! b'", 1),
        ("bash", 'smsearch count s "status ', "status != 'a'", 1),
        ("bash", "smsearch count s 'status = ", 'status = "a!b"', 1),
        ("bash", "smsearch describe s ", "a!b", 1),
        ("zsh", 'smsearch describe s "', "a!!", 0),
        ("zsh", "smsearch describe s ", "a!!", 1),
        ("fish", 'smsearch describe s "', "a!!", 1),
        ("fish", "smsearch describe s ", "a\tb", 0),
        ("bash", "smsearch describe s ", "a\tb", 1),
    ],
)
def test_a_word_that_the_shell_would_read_otherwise_is_not_offered(
    shell: str, text: str, word: str, count: int
) -> None:
    assert len(written_for(shell, read(text), Completions((word,)))) == count


@pytest.mark.parametrize(
    ("text", "wanted", "name", "written"),
    [
        ("", Wanted.NAME, "", ""),
        ("Train", Wanted.NAME, "", "Train"),
        ("status ", Wanted.OPERATOR, "", ""),
        ("status = ", Wanted.VALUE, "status", ""),
        ("status = 'Com", Wanted.VALUE, "status", "'Com"),
        ("status='Completed' ", Wanted.AFTER_VALUE, "", ""),
        ("status = Failed AND ", Wanted.NAME, "", ""),
        ("status IN ('Failed', ", Wanted.VALUE, "status", ""),
        ("status NOT IN (", Wanted.VALUE, "status", ""),
        ("lr BETWEEN 1 AND ", Wanted.VALUE, "lr", ""),
        ("lr BETWEEN 1 AND 2 ", Wanted.AFTER_VALUE, "", ""),
        ("EXISTS ", Wanted.NAME, "", ""),
        ("lr EXISTS ", Wanted.AFTER_VALUE, "", ""),
        ("lr NOT EXISTS ", Wanted.AFTER_VALUE, "", ""),
        ("NOT EXISTS ", Wanted.NAME, "", ""),
        ("a = 1 AND NOT EXISTS ", Wanted.NAME, "", ""),
        ("FROM Tr", Wanted.RESOURCE, "", "Tr"),
        ("FROM TrainingJob ", Wanted.AFTER_SOURCE, "", ""),
        ("SELECT ", Wanted.NAME, "", ""),
        ("SELECT DISTINCT na", Wanted.NAME, "", "na"),
        ("SELECT name ", Wanted.AFTER_COLUMN, "", ""),
        ("SELECT name AS ", Wanted.NOTHING, "", ""),
        ("SELECT name AS job ", Wanted.AFTER_LABEL, "", ""),
        ("SELECT name, count(*) ", Wanted.AFTER_COLUMN, "", ""),
        ("SELECT name AS job, sum(", Wanted.NAME, "", ""),
        ("SELECT name, sum(x ", Wanted.NOTHING, "", ""),
        ("SELECT name WHERE a = 1 ", Wanted.AFTER_VALUE, "", ""),
        ("SELECT name ORDER BY a ", Wanted.AFTER_ORDER, "", ""),
        ("a = 1 GROUP BY b HAVING ", Wanted.NAME, "", ""),
        ("created > ", Wanted.VALUE, "created", ""),
        ("end_time - ", Wanted.NAME, "", ""),
        ("end_time - created ", Wanted.OPERATOR, "", ""),
        ("a = 1 ORDER BY ", Wanted.NAME, "", ""),
        ("a = 1 ORDER BY b ", Wanted.AFTER_ORDER, "", ""),
        ("a = 1 GROUP BY ", Wanted.NAME, "", ""),
        ("a = 1 GROUP BY b ", Wanted.AFTER_GROUP, "", ""),
        ("a = 1 LIMIT ", Wanted.NOTHING, "", ""),
        ("Inputs[", Wanted.NAME, "Inputs", ""),
        ("Inputs[Channel = ", Wanted.VALUE, "Inputs.Channel", ""),
        ("Inputs[Channel = 'a'] AND b = ", Wanted.VALUE, "b", ""),
        ('Tags."cost ce', Wanted.NAME, "", 'Tags."cost ce'),
        ('Tags."cost center" = ', Wanted.VALUE, 'Tags."cost center"', ""),
    ],
)
def test_the_end_of_a_query_says_what_may_stand_there(text: str, wanted: Wanted, name: str, written: str) -> None:
    end = unfinished.end_of(text)
    assert (end.wanted, end.name, text[end.start :]) == (wanted, name, written)


def offered(text: str, shell: str = "bash") -> list[str]:
    line = read(text)
    return written_for(shell, line, complete(line))


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smsearch cou", ["count"]),
        ("smsearch count jobs.store --ext", ["--extended"]),
        ("smsearch search jobs.store -f js", ["jsonl", "json"]),
        ("smsearch count -r trainingj", ["TrainingJob"]),
        (
            "smsearch count jobs.store 'TrainingJobS",
            [*(f"TrainingJobStatus {one}" for one in unfinished.OPERATORS), FILES],
        ),
        ("smsearch count jobs.store 'Metrics.", [*(f"Metrics.loss {one}" for one in unfinished.OPERATORS), FILES]),
        ('smsearch count jobs.store "status = ', ["status = 'Completed'", "status = 'Failed'"]),
        ("smsearch count jobs.store 'status = ", ['status = "Completed"', 'status = "Failed"']),
        ("smsearch count jobs.store \"tags.team = 'v", ["tags.team = 'vision'"]),
        ("smsearch count jobs.store status=Comp", ["Completed", FILES]),
        (
            "smsearch count jobs.store 'HyperParameters.batch",
            [*(f'HyperParameters."batch size" {one}' for one in unfinished.OPERATORS), FILES],
        ),
        ('smsearch count jobs.store \'HyperParameters."batch size" = ', ['HyperParameters."batch size" = "32"']),
        (
            "smsearch count jobs.store 'InputDataConfig[",
            [*(f"InputDataConfig[ChannelName {one}" for one in unfinished.OPERATORS), FILES],
        ),
        ("smsearch count jobs.store \"InputDataConfig[ChannelName = 'tr", ["InputDataConfig[ChannelName = 'train'"]),
        ("smsearch count jobs.store 'EnableManagedSpotTraining = t", ['EnableManagedSpotTraining = "true"']),
        ("smsearch count jobs.store 'SELECT DISTI", ["SELECT DISTINCT"]),
        ("smsearch count jobs.store 'SELECT status A", ["SELECT status AS"]),
        ("smsearch count jobs.store 'SELECT status AS s GR", ["SELECT status AS s GROUP BY"]),
        ("smsearch count jobs.store 'status = x GROUP BY team H", ["status = x GROUP BY team HAVING"]),
        ("smsearch count jobs.store 'created > ", ["created > ago(", "created > now()"]),
        (
            "smsearch count jobs.store 'ORDER BY TrainingJobS",
            [f"ORDER BY TrainingJobStatus {one}" for one in ("ASC", "DESC", "LIMIT")],
        ),
        ("smsearch count jobs.store 'created > n", ["created > now()"]),
        ("smsearch count jobs.store 'name = n", []),
        ("smsearch count jobs.store 'Dura", [*(f"DurationInSeconds {one}" for one in unfinished.OPERATORS), FILES]),
        ("smsearch search jobs.store -c name,ImageT", ["name,ImageTag"]),
        ("smsearch facet jobs.store HyperParameters.o", ["HyperParameters.optimizer", FILES]),
        ("smsearch facet jobs.store status -w 'tags.te", [f"Tags.team {one}" for one in unfinished.OPERATORS]),
        ("smsearch values jobs.store Tags.team n", ["nlp"]),
        ("smsearch values --resource=trainingjob jobs.store Tags.team n", ["nlp"]),
        ("smsearch schema jobs.store -r trial TrialN", ["TrialName", FILES]),
        ("smsearch schema jobs.store --resource=trial TrialN", ["TrialName", FILES]),
        ("smsearch search jobs.store -c name,Metrics.", ["name,Metrics.loss"]),
        ("smsearch count ", [FILES]),
        ("smsearch count -q jobs.store \"status = 'F", ["status = 'Failed'"]),
        ("smsearch count --report json jobs.store \"status = 'F", ["status = 'Failed'"]),
        ("smsearch count --report t", ["text"]),
        ("smsearch why jobs.store cat-1 \"status = 'F", ["status = 'Failed'"]),
        ("smsearch convert 'TrainingJobSt", [f"TrainingJobStatus {one}" for one in unfinished.OPERATORS]),
        ("smsearch diff --left \"TrainingJobStatus = 'F", ["TrainingJobStatus = 'Failed'"]),
        ("smsearch describe jobs.store -r notebookinstancel", ["NotebookInstanceLifecycleConfig"]),
        ("smsearch completion z", ["zsh"]),
        ("smsearch serach ", [FILES]),
    ],
)
def test_names_and_values_are_those_of_the_store(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


@pytest.mark.usefixtures("store")
def test_the_environment_names_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSEARCH_DATA", "jobs.store")
    assert offered("smsearch count 'TrainingJobStatus = \"F") == ['TrainingJobStatus = "Failed"']


@pytest.mark.usefixtures("folder")
def test_without_a_store_the_service_says_what_there_is() -> None:
    assert offered("smsearch count jobs.jsonl 'TrainingJobStatus = \"Comp") == ['TrainingJobStatus = "Completed"']


def test_a_damaged_store_offers_files_and_raises_nothing(store: Path) -> None:
    segment = next(store.glob("*.smseg"))
    raw = bytearray(segment.read_bytes())
    raw[len(raw) // 2 :] = bytes(len(raw) - len(raw) // 2)
    segment.write_bytes(raw)
    assert offered("smsearch count jobs.store 'Tr") == [FILES]


@pytest.mark.usefixtures("store")
def test_completing_a_value_loads_nothing_heavy() -> None:
    code = (
        "import sys; from smsearch.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted({'numpy', 'lark', 'click', 'pyarrow'} & set(sys.modules)))"
    )
    asked = {"_SMSEARCH_COMPLETE": "bash", "_SMSEARCH_LINE": "smsearch count jobs.store \"status = 'F"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "status = 'Failed'\n[]\n"


def test_the_declarations_of_all_verbs_load_nothing_heavy() -> None:
    code = (
        "import sys; from smsearch.cli import verbs\n"
        "for name in verbs.VERBS: verbs.load(name).declared()\n"
        "print(sorted({'numpy', 'lark', 'click', 'pyarrow', 'boto3', 'smsearch.searcher'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_is_printed_and_is_one(run: Run, shell: str) -> None:
    done = run("completion", shell)
    assert done.stdout == SCRIPTS[shell]
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.stdout, text=True, check=True)


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ('smsearch count "a = B', "a = 'B$'", "a = 'B\\$'"),
        ("smsearch count 'a = B", 'a = "B\'"', "a = \"B'\\''\""),
        ("smsearch count a=B", "a=B c", "a=B c"),
    ],
)
def test_zsh_gets_words_as_they_stand_behind_the_quote_that_is_open(text: str, word: str, written: str) -> None:
    assert written_for("zsh", read(text), Completions((word,))) == [written]
