"""The command as a process of its own: pipes, signals, exit codes and what it imports."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsearch.ingest.build import SIDE_BY_SIDE_FROM
from tests.cli.conftest import JOBS, job
from tests.small_disk import WITHOUT_BYTECODE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SMSEARCH = (sys.executable, "-m", "smsearch")
EXPORTS = ROOT / "data" / "exports"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in {"SMSEARCH_DATA", "NO_COLOR", "PAGER"}},
    "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    "TERM": "xterm-256color",
}
READING_IN_PYTHON = ENVIRONMENT | {"SMSEARCH_PURE": "1"}
"""Reading then takes seconds on any machine, and there is time to look at it and to end it."""


def smsearch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*SMSEARCH, *arguments],
        env=ENVIRONMENT | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def on_terminal(*arguments: str, columns: int = 100, **environment: str) -> tuple[str, int]:
    """Runs the command on a terminal of some width; returns all that it shows there, and the exit code."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*SMSEARCH, *arguments],
        env=ENVIRONMENT | {"COLUMNS": str(columns)} | environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the terminal's other end is closed
            break
        if not part:
            break
        shown += part
    os.close(master)
    return shown.decode().replace("\r\n", "\n"), process.wait()


@pytest.mark.usefixtures("folder")
def test_the_module_is_the_command() -> None:
    done = smsearch("count", "jobs.jsonl", "status = Completed")
    assert (done.stdout, done.returncode) == (b"2\n", 0)
    assert smsearch("--version").stdout.startswith(b"smsearch ")


@pytest.mark.usefixtures("folder")
def test_a_closed_pipe_is_quiet(folder: Path) -> None:
    lines = (json.dumps(job(f"job-{number}", "Completed", 1, RoleArn="x" * 1000)) for number in range(2000))
    (folder / "many.jsonl").write_text("\n".join(lines))
    for form in ("jsonl", "json", "csv", "names", "table"):
        process = subprocess.Popen(
            [*SMSEARCH, "search", "many.jsonl", "-f", form, "-q", "--all"],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait() == 0, form


@pytest.mark.usefixtures("folder")
def test_interrupted_is_130_without_a_traceback(folder: Path) -> None:
    with subprocess.Popen(
        [*SMSEARCH, "search", "-", "-o", "out.csv"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(JOBS[0]).encode() + b"\n")
        process.stdin.flush()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert output == b""
    assert b"Traceback" not in errors
    assert {path.name for path in folder.iterdir()} == {"jobs.jsonl"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("is_for_all", [True, False], ids=["as a terminal does", "as kill does"])
def test_a_build_that_is_ended_leaves_nothing(
    folder: Path, many: Path, number: signal.Signals, code: int, *, is_for_all: bool
) -> None:
    with subprocess.Popen(
        [*SMSEARCH, "index", str(many), "-o", "jobs.store"],
        env=READING_IN_PYTHON,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        until = time.monotonic() + 20
        while not list(folder.glob("jobs.store/build-*")) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.5)
        os.killpg(process.pid, number) if is_for_all else process.send_signal(number)
        output, errors = process.communicate(timeout=3)  # a worker that goes on would hold the pipe
    assert (process.returncode, output, errors) == (code, b"", b"")
    assert not (folder / "jobs.store").exists()


@pytest.mark.usefixtures("folder")
def test_a_terminal_gets_a_table_in_colour_and_a_summary() -> None:
    shown, code = on_terminal("search", "jobs.jsonl")
    assert code == 0
    assert shown.rsplit("\x1b[2K")[-1].startswith("read 3 records from 1 file\n\x1b[1m"), (
        "a slow machine draws a bar first"
    )
    assert "\x1b[1mname \x1b[0m" in shown
    assert "\x1b[31mFailed" in shown
    assert "3 matches in 3 records (" in shown


@pytest.mark.usefixtures("folder")
def test_no_color_is_heeded() -> None:
    shown, _ = on_terminal("search", "jobs.jsonl", NO_COLOR="1")
    assert "\nname   status     created " in shown
    assert "\x1b[3" not in shown


@pytest.mark.usefixtures("folder")
def test_a_binary_format_is_not_for_a_terminal() -> None:
    shown, code = on_terminal("search", "jobs.jsonl", "-f", "parquet")
    assert code == 2
    assert shown.startswith("error: -f parquet is not for a terminal")


def _watch(master: int, drawn: list[bytes]) -> None:
    """Keeps all that is shown on a terminal, until its other end is closed."""
    with contextlib.suppress(OSError):
        while part := os.read(master, 65536):
            drawn.append(part)


@pytest.mark.usefixtures("folder")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_full_disk_is_no_bug(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*SMSEARCH, "search", "jobs.jsonl"],
            check=False,
            cwd=folder,
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert (done.returncode, done.stderr) == (3, b"error: No space left on device\n")


@pytest.mark.parametrize(
    "arguments", ["index exports -o made", "archive exports -o made", "search exports -o made.csv"]
)
def test_a_full_disk_names_the_file_and_shows_no_traceback(folder: Path, arguments: str) -> None:
    """A limit on the size of files stands for a disk; the shell counts it in blocks of 512 bytes."""
    (folder / "exports").symlink_to(EXPORTS)
    command = f"ulimit -f 2; exec {shlex.join(SMSEARCH)} {arguments}"
    environment = ENVIRONMENT | WITHOUT_BYTECODE
    done = subprocess.run(["/bin/sh", "-c", command], env=environment, cwd=folder, capture_output=True, check=False)
    (line,) = done.stderr.decode().splitlines()
    assert (done.returncode, line.startswith("error: made"), line.endswith(": File too large")) == (3, True, True), line


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("redirection", "code", "output", "errors"),
    [
        (">&-", 3, b"", b"error: Bad file descriptor\n"),
        ("2>&-", 0, b"0\n", b""),
        ("2>/dev/full", 0, b"0\n", b""),
        (">/dev/full 2>/dev/full", 3, b"", b""),
        ("<&- >&- 2>&-", 3, b"", b""),
    ],
)
def test_a_stream_that_is_closed_or_full_is_no_bug(redirection: str, code: int, output: bytes, errors: bytes) -> None:
    command = f"exec {shlex.join(SMSEARCH)} count jobs.jsonl 'status = Faild' {redirection}"
    done = subprocess.run(["/bin/sh", "-c", command], env=ENVIRONMENT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (code, output)
    assert done.stderr.endswith(errors)
    assert b"bug" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.usefixtures("folder")
def test_a_file_is_not_written_to_by_what_is_said_beside_it() -> None:
    command = f"exec {shlex.join(SMSEARCH)} search jobs.jsonl -o out.jsonl <&- >&- 2>&-"
    subprocess.run(["/bin/sh", "-c", command], env=ENVIRONMENT, check=True)
    assert Path("out.jsonl").read_bytes() == smsearch("search", "jobs.jsonl").stdout


def test_progress_is_shown_on_a_terminal_after_half_a_second() -> None:
    master, slave = pty.openpty()
    with subprocess.Popen(
        [*SMSEARCH, "count", "-"], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=slave
    ) as process:
        os.close(slave)
        assert process.stdin is not None
        assert process.stdout is not None
        drawn: list[bytes] = []
        screen = threading.Thread(target=_watch, args=(master, drawn), daemon=True)
        screen.start()  # a terminal that nobody reads fills up, and stops who writes to it
        for document in JOBS:
            process.stdin.write(json.dumps(document).encode() + b"\n" * 2_000_000)
            process.stdin.flush()
            time.sleep(0.6)
        process.stdin.close()
        assert process.stdout.read() == b"3\n"
    screen.join()
    os.close(master)
    assert b"MB" in b"".join(drawn)


@contextlib.contextmanager
def _drawing(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], list[bytes]]]:
    """The command on a terminal, as a process group of its own, and what it has drawn so far."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [*SMSEARCH, *arguments],
        env=READING_IN_PYTHON,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        drawn: list[bytes] = []
        screen = threading.Thread(target=_watch, args=(master, drawn), daemon=True)
        screen.start()
        yield process, drawn
        process.wait(timeout=300)
    screen.join()
    os.close(master)


def _waits_for(word: bytes, drawn: list[bytes]) -> bool:
    until = time.monotonic() + 300
    while word not in b"".join(drawn) and time.monotonic() < until:
        time.sleep(0.05)
    return word in b"".join(drawn)


@pytest.fixture
def many(folder: Path) -> Path:
    """So many training jobs that several processes read them for seconds, as a line of progress needs; in one file."""
    line = json.dumps(job("job-NUMBER", "Completed", 1, RoleArn="x" * 1000))
    count = 4 * SIDE_BY_SIDE_FROM // len(line) + 1
    path = folder / "many.jsonl"
    path.write_text("".join(line.replace("NUMBER", str(number)) + "\n" for number in range(count)))
    return path


@pytest.mark.parametrize("verb", ["index", "archive"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_terminal_has_its_cursor_however_a_verb_ends(many: Path, verb: str, number: signal.Signals) -> None:
    with _drawing(verb, str(many), "-o", "made") as (process, drawn):
        assert _waits_for(b"reading", drawn)
        os.killpg(process.pid, number)
    shown = b"".join(drawn)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    assert shown.rfind(b"\x1b[?25h") >= shown.rfind(b"\x1b[?25l"), "the cursor is shown"
    if number is not signal.SIGKILL:
        assert shown.endswith(b"\x1b[2K"), "the bar is wiped out"


def test_progress_of_a_build_moves_from_the_first_second_on(many: Path) -> None:
    with _drawing("index", str(many), "-o", "made") as (process, drawn):
        pass
    assert process.returncode == 0
    shown = b"".join(drawn)
    told = re.findall(rb"reading[^/]*?([0-9.]+)/([0-9.]+) MB", shown)
    megabytes = [float(done) for done, _ in told]
    assert megabytes[0] < megabytes[-1] <= float(told[0][1])
    assert len(set(megabytes)) > 2, "it does not jump"
    assert shown.find(b"writing") > shown.rfind(b"reading") > 0, "then it says how far writing has come"


HEAVY = ["lark", "pyarrow", "pandas", "numpy"]
NEEDLESS = [
    "bz2",
    "lzma",
    "random",
    "shutil",
    "tempfile",
    "smsearch.api.suggestions",
    "smsearch.cli.diagnosis",
    "smsearch.writers.tables",
    "smsearch.paginator",
    "smsearch.columnar.explain",
    "smsearch.columnar.aggregate",
    "smsearch.reasons",
]
"""What naming the matches of a JSON query has no use for, large or small."""


def loaded_of(names: list[str], *arguments: str) -> tuple[bytes, list[str]]:
    """What a verb prints as a process of its own, and which of some modules it has loaded."""
    script = (
        "import sys; from smsearch.cli.main import run; run(sys.argv[2:]); "
        "print(*sorted(set(sys.argv[1].split()) & sys.modules.keys()), file=sys.stderr)"
    )
    asked = [sys.executable, "-c", script, " ".join(names), *arguments]
    done = subprocess.run(asked, env=ENVIRONMENT, capture_output=True, check=True)
    return done.stdout, done.stderr.decode().split()


@pytest.mark.usefixtures("folder")
def test_names_by_json_start_without_the_heavy_libraries() -> None:
    query = json.dumps({"Filters": [{"Name": "TrainingJobStatus", "Value": "Failed"}]})
    printed, loaded = loaded_of(HEAVY, "search", "jobs.jsonl", query, "-f", "names", "-q")
    assert (printed, loaded) == (b"cat-2\n", [])


@pytest.mark.usefixtures("folder")
def test_names_of_a_store_load_no_module_that_they_have_no_use_for() -> None:
    smsearch("index", "jobs.jsonl", "-o", "store", "-q")
    query = json.dumps({"Filters": [{"Name": "TrainingJobStatus", "Value": "Failed"}]})
    probed = [*NEEDLESS, "lark", "pyarrow", "pandas"]
    printed, loaded = loaded_of(probed, "search", "store", query, "-f", "names", "-q")
    assert (printed, loaded) == (b"cat-2\n", [])


@pytest.mark.usefixtures("folder")
def test_an_unforeseen_error_asks_to_be_reported(folder: Path) -> None:
    broken = (
        "from smsearch.cli.failures import run_guarded\nimport sys\n"
        "def run():\n    raise ZeroDivisionError('no\\nmore')\n"
    )
    for debug in (False, True):
        script = f"{broken}sys.exit(run_guarded(run, debug={debug}))"
        done = subprocess.run(
            [sys.executable, "-c", script], env=ENVIRONMENT, cwd=folder, capture_output=True, check=False, text=True
        )
        assert ("Traceback" in done.stderr) is debug
        assert "please report it" in done.stderr or debug
        assert done.returncode == (1 if debug else 3)
        assert len(done.stderr.splitlines()) == 1 or debug


@pytest.mark.usefixtures("folder")
def test_output_is_utf_8_whatever_the_locale(folder: Path) -> None:
    (folder / "umlaut.jsonl").write_text(json.dumps(job("a", "Failed", 1, FailureReason="größer")), encoding="utf-8")
    for form in ("jsonl", "csv", "table"):
        done = smsearch("search", "umlaut.jsonl", "-f", form, "-c", "FailureReason", LC_ALL="C", PYTHONUTF8="0")
        assert "größer".encode() in done.stdout
    for arguments in (
        ("why", "umlaut.jsonl", "a", "FailureReason = größer"),
        ("explain", "umlaut.jsonl", "FailureReason = größer"),
        ("convert", "FailureReason = größer", "--to", "text"),
    ):
        done = smsearch(*arguments, PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr
        assert "größer".encode() in done.stdout


@pytest.mark.usefixtures("folder")
def test_a_tree_is_drawn_on_a_terminal() -> None:
    shown, code = on_terminal("why", "jobs.jsonl", "cat-1", "status = Completed AND HyperParameters.lr > 3")
    assert code == 0
    lines = shown.replace("\r", "").splitlines()
    assert "\u2717 all of" in lines
    assert "\u251c\u2500 \u2713 TrainingJobStatus = 'Completed': 'Completed', compared as text" in lines
    assert "\u2514\u2500 \u2717 HyperParameters.lr > 3: '0.1', text compared as number without its fraction 0" in lines
