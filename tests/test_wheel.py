"""The wheel holds all that it needs, and works in an environment that has never seen the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

COPIED = ("smsearch", "grammar", "pyproject.toml", "README.md", "LICENSE")


def _run(*command: str | Path, cwd: Path, **more: str) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, env=os.environ | more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["1", "0"], ids=["pure", "compiled"])
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    has_headers = Path(sysconfig.get_path("include"), "Python.h").exists()
    if request.param == "0" and (shutil.which(os.environ.get("CXX", "c++")) is None or not has_headers):
        pytest.skip("there is no compiler")
    # Built from a copy of what the wheel is made of, so that nothing is left behind in the checkout.
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in COPIED:
        if (repository / name).is_dir():
            shutil.copytree(repository / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(repository / name, source / name)
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source)
    _run(*command, cwd=folder, SMSEARCH_PURE=request.param)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel in it; the running one lends dependencies."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    _run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=home)
    # Folders named in a .pth come after the environment's own, and the .pth files inside them are not read:
    # an editable install of the checkout in the running environment stays invisible.
    own = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip())
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own / "lent.pth").write_text("\n".join(sorted(lent)) + "\n", encoding="utf-8")
    return home / "bin"


def test_the_wheel_holds_the_grammar_and_the_catalogue(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "smsearch/__init__.py",
        "smsearch/grammar/search.lark",
        "smsearch/page/static/page.js",
        "smsearch/page/templates/base.html",
        "smsearch/py.typed",
        "smsearch/schema/catalogue.json",
        "smsearch/schema/operations.json",
        "smsearch/schema/writes.json",
    } <= names
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"smsearch"}
    assert not {name for name in names if "/grammar/" in name} - {"smsearch/grammar/search.lark"}


def test_the_wheel_parses_a_query(environment: Path, tmp_path: Path) -> None:
    script = (
        "import smsearch.syntax.text.parser as parse\n"
        "print(parse.__file__)\n"
        "(condition,) = parse.parse(\"TrainingJobStatus = 'Failed'\").expression.filters\n"
        "print(condition.name, condition.operator, condition.value)\n"
    )
    imported, parsed = _run(environment / "python", "-I", "-c", script, cwd=tmp_path).splitlines()
    assert Path(imported).is_relative_to(environment.parent)
    assert parsed == "TrainingJobStatus Equals Failed"


def test_the_wheel_installs_the_command(environment: Path, tmp_path: Path) -> None:
    assert "search" in _run(environment / "smsearch", "--help", cwd=tmp_path)


def test_a_wheel_is_of_every_platform_unless_the_compiled_reader_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith("smsearch/ingest/compiled/")}
    is_compiled = "smsearch/ingest/compiled/_reader.abi3.so" in names
    assert is_compiled == ("-cp311-abi3-" in wheel.name) == (not wheel.name.endswith("-py3-none-any.whl"))
    assert not {name for name in names if name.endswith((".cpp", ".hpp", "build_hook.py"))}


def test_the_wheel_says_who_reads_exports(environment: Path, wheel: Path, tmp_path: Path) -> None:
    who = "the compiled reader" if "-abi3-" in wheel.name else "Python"
    assert _run(environment / "smsearch", "--version", cwd=tmp_path).endswith(f"(exports are read by {who})\n")


def test_the_wheel_builds_a_store(environment: Path, tmp_path: Path) -> None:
    lines = [f'{{"TrainingJobName":"job-{at}","TrainingJobStatus":"Completed"}}\n' for at in range(3)]
    (tmp_path / "jobs.jsonl").write_text("".join(lines))
    _run(environment / "smsearch", "index", "jobs.jsonl", "-o", "jobs.store", cwd=tmp_path)
    assert _run(environment / "smsearch", "count", "jobs.store", "", cwd=tmp_path).split()[0] == "3"


def test_the_readme_installs_the_wheel_by_its_name(wheel: Path, repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert "python -m build --wheel " in readme
    assert wheel.name.endswith("-any.whl") == (f"pip install dist/{wheel.name}\n" in readme)
