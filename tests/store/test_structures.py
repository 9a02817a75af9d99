"""`check` walks every structure of a segment, and a reader with NumPy gives what the one without gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import smsearch
from smsearch.store import structures
from smsearch.store.address import ROOT, column_key, table_key
from smsearch.store.check import check
from smsearch.store.column_metadata import read_column
from smsearch.store.footer_reader import FooterReader
from smsearch.store.manifest import read_manifest
from smsearch.store.segment import Segment

EXPORTS = Path(__file__).parent.parent.parent / "data" / "exports" / "training-jobs"
PLAIN = """
import sys
from pathlib import Path
from smsearch.store.column_metadata import read_column
from smsearch.store.footer_reader import FooterReader
from smsearch.store.table_metadata import read_records
segment = FooterReader(Path(sys.argv[1]))
print(read_records(segment.metadata("t")).rows)
column = read_column(segment.metadata("c\\x1eTrainingJobStatus"))
texts = segment.texts(column.dictionary.texts)
print([texts[code] for code in range(len(texts))])
print([name for name in ("numpy", "pyarrow") if name in sys.modules])
"""


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("structures") / "store"
    smsearch.build([EXPORTS], folder)
    return folder


@pytest.mark.parametrize("left_out", [one for one in structures.STRUCTURES if one.members or one.keys])
def test_a_structure_that_is_not_registered_is_named(
    store: Path, left_out: structures.StoredStructure, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(check(store)) == []
    monkeypatch.setattr(structures, "_RECORDS", structures._RECORDS - set(left_out.members))  # noqa: SLF001
    monkeypatch.setattr(structures, "_KEYS", structures._KEYS - set(left_out.keys))  # noqa: SLF001
    segment = Segment(store / read_manifest(store).segments[0].file)
    owned = {*left_out.members, *left_out.keys} & {*(segment.entry(table_key(ROOT)) or ()), *segment.every_key()}
    problems = list(check(store))
    assert all(any(repr(name) in problem for problem in problems) for name in owned)
    assert bool(problems) is bool(owned)


def test_both_faces_of_a_reader_give_the_same(store: Path) -> None:
    path = store / read_manifest(store).segments[0].file
    plain, whole = FooterReader(path), Segment(path)
    keys = whole.every_key()
    assert (plain.every_key(), plain.digest) == (keys, whole.digest)
    compared = 0
    for key in keys:
        assert plain.entry(key) == whole.entry(key)
        entry = plain.metadata(key)
        assert entry is not None
        if not key.startswith(column_key(ROOT, "")):
            continue
        references = read_column(entry).dictionary.texts
        if references is not None:
            texts, same = plain.texts(references), whole.texts(references)
            assert [texts[at] for at in range(len(texts))] == same.arrow().to_pylist() == same.decoded()
            assert [texts.find(text) for text in same.decoded()] == [same.find(text) for text in same.decoded()]
            compared += 1
    assert compared > 10


def test_verifying_a_range_that_leads_out_of_the_file_verifies_what_is_there(store: Path) -> None:
    segment = FooterReader(store / read_manifest(store).segments[0].file)
    segment.verify(0, segment.end + (1 << 20))
    segment.verify(segment.end + (1 << 20), segment.end + (1 << 21))
    assert all(segment._verified)  # noqa: SLF001


def test_a_directory_and_its_texts_are_read_without_numpy(store: Path) -> None:
    file = store / read_manifest(store).segments[0].file
    done = subprocess.run([sys.executable, "-c", PLAIN, str(file)], capture_output=True, text=True, check=True)
    rows, texts, loaded = done.stdout.splitlines()
    assert int(rows) == read_manifest(store).segments[0].rows
    assert "Completed" in texts
    assert loaded == "[]"
