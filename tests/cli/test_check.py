"""`smsearch check`, and what it compares with --deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.store.forger import Forger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_the_command_checks_deep_where_it_is_told(run: Run, folder: Path) -> None:
    run("index", "jobs.jsonl", "-o", "jobs.store", "-q")
    done = run("check", "jobs.store", "--deep")
    assert (done.stdout, done.exit_code) == ("ok\n", 0)
    wrong = Forger(folder / "jobs.store", folder / "wrong.store")
    wrong.write(wrong.entries, wrong.documents.replace(b'"cat-2"', b'"cat-9"'))
    assert run("check", "wrong.store").exit_code == 0
    done = run("check", "wrong.store", "--deep")
    assert done.exit_code == 3
    assert "column 'TrainingJobName' of table ''" in done.stdout
    assert run("check", "jobs.jsonl", "--deep").exit_code == 2
