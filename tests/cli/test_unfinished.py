"""Writers that do not come to their end: one that fails leaves nothing, one that is killed nothing that is searched."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch import occupied
from smsearch.archive import manifest as archive_manifest
from smsearch.errors import StoreError
from smsearch.ingest import archive
from smsearch.store import manifest as store_manifest
from tests.cli.conftest import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SMSEARCH_TEST_KILLS", "6"))
JOBS_KILLED = 600
"""So many that a build takes longer than the start of its process: most kills hit it at work."""
READING = (
    ("search", "left", "status = Failed"),
    ("count", "left", ""),
    ("facet", "left", "status"),
    ("values", "left", "status"),
    ("describe", "left", "cat-1"),
    ("why", "left", "cat-1", "status = Failed"),
    ("diff", "left", "cat-1", "cat-2"),
    ("explain", "left", "status = Failed"),
    ("info", "left"),
    ("check", "left"),
    ("serve", "left", "-p", "0"),
    ("index", "left", "-o", "new"),
    ("archive", "left", "-o", "new"),
)
LEFT = {
    "at the beginning": ["lock"],
    "while it read": ["lock", "build-17/run-0"],
    "a store while it wrote": ["lock", "build-17/segment.new", f"segment-{'0' * 24}.smseg", f"dead-{'0' * 16}.rows"],
    "a store at its end": ["lock", f"segment-{'0' * 24}.smseg", "manifest.json.new"],
    "an archive while it wrote": ["lock", "build-17/file.new", f"TrainingJob/part-{'0' * 32}.parquet"],
    "an archive at its end": ["lock", f"TrainingJob/part-{'0' * 32}.parquet", "archive.json.new"],
}


@pytest.mark.parametrize("left", LEFT)
def test_what_a_killed_writer_left_is_refused_by_every_verb_that_reads(run: Run, folder: Path, left: str) -> None:
    for name in LEFT[left]:
        (folder / "left" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "left" / name).touch()
    for arguments in READING:
        done = run(*arguments)
        assert isinstance(done.exception, StoreError | SystemExit), (arguments, done)
        assert done.exit_code == 3, (arguments, done.output)
        assert "left is unfinished" in done.stderr, arguments
        assert "run it again" in done.stderr
        assert not (folder / "new").exists()
    assert run("index", "jobs.jsonl", "-o", "left", "-q").exit_code == (3 if "archive" in left else 0)


@pytest.mark.parametrize("verb", ["index", "archive"])
def test_a_writer_is_not_read_while_it_works(run: Run, folder: Path, verb: str) -> None:
    manifest = store_manifest.MANIFEST if verb == "index" else archive_manifest.MANIFEST
    with occupied.writing(folder / "left", manifest):
        assert run("count", "left", "").exit_code == 3
        done = run(verb, "jobs.jsonl", "-o", "left")
        assert done.exit_code == 3
        assert "Another smsearch is writing to left" in done.stderr
    assert not (folder / "left").exists()


def test_other_exports_beside_a_lock_are_exports(run: Run, folder: Path) -> None:
    (folder / "exports").mkdir()
    (folder / "exports" / "lock").touch()
    shutil.copy(folder / "jobs.jsonl", folder / "exports")
    assert run("count", "exports", "").stdout == "3\n"
    (folder / "exports" / "left").mkdir()
    (folder / "exports" / "left" / "lock").touch()
    done = run("count", "exports", "")
    assert (done.stdout, done.exit_code) == ("3\n", 4)
    assert "an unfinished store" in done.stderr


def failing(*_: object, **__: object) -> Any:  # noqa: ANN401
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("build", "module", "name"),
    [
        (smsearch.build, store_manifest, "write_manifest"),
        (smsearch.build_archive, archive, "write_manifest"),
    ],
)
@pytest.mark.parametrize("before", ["nothing", "an empty folder", "what was killed"])
def test_a_first_writer_that_is_interrupted_leaves_what_was_there(
    build: Callable[..., object], module: object, name: str, before: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = folder / "parent" / "new"
    if before != "nothing":
        target.mkdir(parents=True)
    if before == "what was killed":
        (target / "lock").touch()
        (target / "build-1").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(module, name, failing)
        with pytest.raises(KeyboardInterrupt):
            build(["jobs.jsonl"], target)
    assert list(target.iterdir() if before != "nothing" else target.parent.iterdir()) == []
    build(["jobs.jsonl"], target)
    assert occupied.LOCK in {path.name for path in target.iterdir()}


def test_a_lock_whose_holder_removes_it_is_taken_by_one_at_a_time(tmp_path: Path) -> None:
    """Between opening a lock and holding it, its last holder may remove it: then it is nobody's."""
    inside: list[int] = []
    wrong: list[str] = []

    def write(number: int) -> None:
        for _ in range(200):
            try:
                with occupied.writing(tmp_path / "new", store_manifest.MANIFEST):
                    inside.append(number)
                    if len(inside) != 1:
                        wrong.append(f"{inside} at once")
                    inside.remove(number)
            except StoreError as error:
                if "Another smsearch" not in str(error):
                    wrong.append(str(error))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert (
        list((tmp_path / "new").glob("*")) == []
    )  # the folder is the writer's that has made it, and he may be refused


@pytest.mark.parametrize("verb", ["index", "archive"])
def test_a_first_writer_that_is_killed_leaves_nothing_an_unfinished_folder_or_all(
    verb: str, run: Run, folder: Path
) -> None:
    jobs = [
        {**JOBS[0], "TrainingJobName": f"job-{at}", "TrainingJobArn": f"{JOBS[0]['TrainingJobArn']}{at}"}
        for at in range(JOBS_KILLED)
    ]
    (folder / "many.jsonl").write_text("".join(json.dumps(job) + "\n" for job in jobs))
    command = [sys.executable, "-m", "smsearch", verb, str(folder / "many.jsonl"), "-q", "-o"]
    begun = time.monotonic()
    subprocess.run([*command, str(folder / "whole")], check=True, cwd=ROOT)
    taken = time.monotonic() - begun
    chance = random.Random(verb)
    for number in range(KILLS):
        target = folder / f"killed-{number}"
        process = subprocess.Popen([*command, str(target)], cwd=ROOT, start_new_session=True)
        until, later = time.monotonic() + 60, chance.uniform(0, taken / 2)
        while not target.exists() and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(later)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        done = run("info", target)
        if done.exit_code == 0:
            assert f"{JOBS_KILLED} records" in done.stdout
            assert run("check", target).exit_code == 0
        else:
            assert done.exit_code == 3
            searched = run("count", target, "")
            assert searched.exit_code == 3 or not list(target.iterdir())  # killed before the lock was made
        assert run(verb, "many.jsonl", "-o", target, "-q").exit_code == 0
        assert f"{JOBS_KILLED} records" in run("info", target).stdout
