"""A real process that exports is killed, at moments of chance, until one run comes through.

SMSEARCH_KILLS says how many exports are treated so: 3 unless somebody has more time.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.export.fake import Fake, serving

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SMSEARCH_KILLS", "3"))
JOBS = 400


def _started(fake: Fake, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "smsearch", "export", "-r", "TrainingJob", "--suffix", ".jsonl.zst"]
    return subprocess.Popen(
        [*command, "--endpoint-url", fake.url, "-o", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class _Assassin:
    """Kills a process when it asks for its nth description, or a moment after it has asked for its last."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._lock = threading.Lock()
        self._left = 0
        self._victim: subprocess.Popen[bytes] | None = None

    def aim(self, victim: subprocess.Popen[bytes], after: int) -> None:
        with self._lock:
            self._victim, self._left = victim, after

    def before(self, operation: str, _request: dict[str, Any]) -> None:
        with self._lock:
            self._left -= operation == "DescribeTrainingJob"
            victim = self._victim if self._left <= 0 else None
        if victim is not None:
            delay = self._chance.random() * 0.05
            threading.Timer(delay, victim.send_signal, (signal.SIGKILL,)).start()


@pytest.mark.parametrize("seed", range(KILLS))
def test_an_export_that_is_killed_again_and_again_comes_out_whole(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"job-{number:03}" for number in range(JOBS)]
    target = tmp_path / "TrainingJob.jsonl.zst"
    assassin = _Assassin(chance)
    kills = 0
    with serving(Fake(names, page_size=100)) as fake:
        fake.before = assassin.before
        for after in (*(chance.randrange(1, JOBS // 2) for _ in range(3)), JOBS * 10):
            process = _started(fake, tmp_path)
            assassin.aim(process, after)
            _, errors = process.communicate(timeout=60)
            kills += process.returncode == -signal.SIGKILL
            assert process.returncode in {0, -signal.SIGKILL}, errors.decode()
            assert process.returncode == 0 or not target.exists(), "it is there when it is whole"
    assert process.returncode == 0
    assert kills >= 2, "the test has not tested what it is for"
    unpacked = zstandard.ZstdDecompressor().stream_reader(target.read_bytes()).read()
    found = [line.partition(b'"TrainingJobName":"')[2][:7].decode() for line in unpacked.splitlines()]
    assert found == names, "nothing lost, nothing twice, and in the order of the listing"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_an_interruption_waits_for_no_answer(tmp_path: Path) -> None:
    fake = Fake([f"job-{number}" for number in range(20)])
    asked, over = threading.Event(), threading.Event()

    def before(operation: str, request: dict[str, Any]) -> None:
        if operation == "DescribeTrainingJob" and request["TrainingJobName"] == "job-9":
            asked.set()
            over.wait(60)

    fake.before = before
    with serving(fake), _started(fake, tmp_path) as process:
        try:
            assert asked.wait(30)
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
        finally:
            process.kill()
            over.set()
