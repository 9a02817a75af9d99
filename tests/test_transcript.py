"""The transcript in the documents is what a terminal shows today."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsearch.cli.verbs import VERBS

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def transcript() -> ModuleType:
    spec = importlib.util.spec_from_file_location("transcript", ROOT / "docs" / "transcript.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["transcript"] = module
    spec.loader.exec_module(module)
    return module


def test_the_document_shows_every_step(transcript: ModuleType) -> None:
    text = transcript.DOCUMENT.read_text(encoding="utf-8")
    for step in transcript.STEPS:
        assert f"\n{step.why}\n" in text
        assert step.tabs or f"$ {step.line}\n" in text


def test_what_is_typed_are_verbs_that_there_are(transcript: ModuleType) -> None:
    typed = [word for step in transcript.STEPS for word in re.findall(r"smsearch ([a-z]+)", step.line)]
    assert set(typed) <= set(VERBS)
    assert len(set(typed)) > 8
    assert all(shlex.split(step.line) for step in transcript.STEPS if not step.tabs)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="the transcript is recorded in tmux")
def test_a_new_recording_is_the_document(transcript: ModuleType) -> None:
    assert transcript.record() == transcript.DOCUMENT.read_text(encoding="utf-8")
