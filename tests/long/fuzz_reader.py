"""`python -m tests.long.fuzz_reader --seconds 60 --seed 1`: lines that were changed at random, for the compiled reader.

The reader is compiled anew under AddressSanitizer and UndefinedBehaviorSanitizer, and runs in a process of its own,
which either of them ends at the first wrong access. What the reader takes is compared with what Python makes of the
line: the stored document, the identity and the values of every column. The lines are records of `data/`, changed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from smsearch.ingest import compiled, load
from smsearch.ingest.compiled import build_hook, values
from smsearch.ingest.compiled.layout import layout_of
from smsearch.ingest.flatten import Flattener
from smsearch.ingest.flattened import of_flattener
from smsearch.ingest.report import Report
from smsearch.ingest.runs import stored_document
from smsearch.schema import catalogue, notation
from smsearch.store.identities import NEVER_MODIFIED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.ingest.compiled._reader import Reader
    from smsearch.store.buffered_values import BufferedValues

    Identity = tuple[str, str, int]

_DATA = Path(__file__).resolve().parents[2] / "data"
_FLAGS = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")
_TOKENS = [
    *(
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"null",
        b"true",
        b"-",
        b"0",
        b"1e5",
        b".",
        b"1e-300",
        b"\xff",
        b"\x00",
    ),
    *(b"\\u00e9", b"\\ud83d", b"\\ud83d\\ude00", b"\xc3\xa9", b"\xed\xa0\x80", b"9" * 30, b"[" * 300, b'{"a":' * 100),
    *(
        b"2024-02-29T23:59:59.999999-23:59",
        b"0001-01-01T00:00:00Z",
        b"1706702400123",
        b'"Tags":[],',
        b'"ResponseMetadata":{},',
    ),
]


def seeds() -> list[tuple[str, bytes]]:
    """Records as lines, each with its kind."""
    records = load.read([str(_DATA)], Report())
    by_kind: dict[str, list[bytes]] = {}
    for record in records:
        if layout_of(record.resource) is not None:
            of_kind = by_kind.setdefault(record.resource, [])
            if len(of_kind) < 20:
                written = notation.exported(record, notation.ISO)
                of_kind.append(
                    json.dumps(written, default=str, separators=(",", ":"), ensure_ascii=len(of_kind) % 2 == 0).encode()
                )
    return [(kind, line) for kind, lines in by_kind.items() for line in lines]


def changed(line: bytes, others: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """A line with a few bytes, tokens or pieces of another one put in, taken out or put twice."""
    raw = bytearray(line)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(6):
            case 0:
                raw[at:at] = chance.choice(_TOKENS)
            case 1:
                del raw[at : at + chance.randint(1, 20)]
            case 2:
                raw[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                other = chance.choice(others)[1]
                begin = chance.randrange(len(other))
                raw[at:at] = other[begin : begin + chance.randint(1, 80)]
            case 4:
                raw[at:at] = raw[at : at + chance.randint(1, 60)]
            case 5:
                del raw[at:]
    return bytes(raw).replace(b"\n", b" ")


def values_of(column: BufferedValues) -> list[tuple[int, object]]:
    """A column's values, each with its row and its type."""
    texts = column.texts.to_pylist()
    every: list[tuple[int, object]] = [
        (row, texts[code]) for row, code in zip(column.text_rows.tolist(), column.text_codes.tolist(), strict=True)
    ]
    whole = column.integers.tolist() or [None] * len(column.integer_rows)
    every += zip(column.integer_rows.tolist(), whole, strict=True)
    every += column.truths()
    every += zip(column.float_rows.tolist(), map(repr, column.floats.tolist()), strict=True)
    return sorted(every, key=lambda pair: (pair[0], str(pair[1])))


def by_python(kind: str, line: bytes) -> tuple[bytes, Identity, dict[Any, Any], dict[str, list[int]]] | None:
    """What Python makes of a line: document, identity, columns, tables; None if it is not one record of the kind."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(line + b"\n")
        file.flush()
        records = list(load.read([file.name], Report()))
    if len(records) != 1 or records[0].resource != kind:
        return None
    (record,) = records
    modified = NEVER_MODIFIED if record.modified is None else record.modified
    flattener = Flattener(catalogue.resource(kind))
    flattener.add(record.document)
    document = stored_document(record, catalogue.resource(kind).record_key)
    parts = of_flattener(flattener)
    columns = {address: (values_kind, values_of(one)) for address, (values_kind, one) in parts.columns.items()}
    return (
        document,
        (record.arn, record.name, modified),
        columns,
        {path: rows.tolist() for path, rows in parts.tables.items()},
    )


def compare(kind: str, reader: Reader, line: bytes) -> bool:
    """Reads a line, and compares it if it is taken; returns whether it was.

    Raises:
        AssertionError: Python makes something else of it.
    """
    layout = layout_of(kind)
    assert layout is not None
    if reader.read(line + b"\n", 0, 0, 1, 1, 0)[2] == 0:
        assert reader.take_records()[0] == b""
        return False
    read = values.read_records(reader)
    columns = {(one.table, one.key): (one.kind, values_of(column)) for one, column in values.columns(reader, layout)}
    tables = {path: rows.tolist() for path, rows in values.tables(reader, layout).items() if len(rows)}
    expected = by_python(kind, line)
    assert expected is not None, "Python finds no record"
    assert read.documents == expected[0]
    assert (read.arns[0], read.names[0], read.modified[0]) == expected[1]
    assert columns == expected[2]
    assert tables == {path: rows for path, rows in expected[3].items() if rows}
    return True


def compare_list(reader: Reader, line: bytes, other: bytes) -> int:
    """Reads two lines as elements of a list; returns how many elements it has.

    Raises:
        AssertionError: The list is none for Python, or an element of it is taken that is left on a line, or otherwise.
    """
    text = b"[" + line + b", " + other + b"]"
    found = compiled.list_in(text, 0, is_last=True)
    if found is None or found[1] < 0:
        return 0
    elements = orjson.loads(text)
    assert isinstance(elements, list)
    at, place = found[0], 0
    while (span := compiled.element_at(text, at)) is not None:
        begin, end = span
        assert orjson.loads(text[begin:end]) == elements[place]
        count = reader.read(text[begin:end], 0, 0, 1, 1, 1)[2]
        on_a_line = reader.take_records()[0]
        assert reader.read_list(text, at, 0, place, 1, len(text)) == ((end, 1) if count else (at, 0))
        assert reader.take_records()[0] == on_a_line
        at, place = end, place + 1
    assert place == len(elements)
    reader.take_columns()
    reader.take_tables()
    return place


def fuzz(seconds: float, seed: int) -> Iterator[str]:
    """Reads changed lines until the time is over; what it says last is how many."""
    every, chance = seeds(), random.Random(seed)
    readers: dict[str, Reader] = {}
    end, lines, taken, elements, said = time.monotonic() + seconds, 0, 0, 0, time.monotonic()
    while time.monotonic() < end:
        kind, line = chance.choice(every)
        if kind not in readers or chance.random() < 0.001:
            reader = compiled.reader_of(layout_of(kind))  # type: ignore[arg-type]
            assert reader is not None, "there is no compiled reader"
            readers[kind] = reader
        text = changed(line, every, chance)
        try:
            taken += compare(kind, readers[kind], text)
            elements += compare_list(readers[kind], text, changed(line, every, chance))
        except AssertionError as error:
            yield f"{kind}: {text!r}"
            raise AssertionError(f"seed {seed}, line {lines}: {error}") from None
        lines += 1
        if time.monotonic() - said > 30:
            said = time.monotonic()
            yield f"seed {seed}: {lines:,} lines so far, {taken:,} taken and compared"
    yield f"seed {seed}: {lines:,} lines, {taken:,} taken and compared, {elements:,} elements, no difference"


def use(library: str) -> None:
    """Makes the reader of a file the one that is used."""
    spec = importlib.util.spec_from_file_location("smsearch.ingest.compiled._reader", library)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules["smsearch.ingest.compiled._reader"] = module


def main() -> None:
    """Compiles the reader with its watchers, and starts itself again with them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long (60)")
    parser.add_argument("--seed", type=int, default=1, help="of chance (1)")
    parser.add_argument("--library", default="", help="a reader that is compiled already; left out, one is compiled")
    arguments = parser.parse_args()
    if arguments.library:
        use(arguments.library)
        for text in fuzz(arguments.seconds, arguments.seed):
            print(text, flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "_reader.abi3.so")
        if not build_hook.compiled(library, *_FLAGS):
            sys.exit("The reader cannot be compiled here.")
        compiler = shutil.which(os.environ.get("CXX", "c++")) or "c++"
        runtime = subprocess.run(
            [compiler, "-print-file-name=libasan.so"], check=True, capture_output=True, text=True
        ).stdout
        watched = {"LD_PRELOAD": runtime.strip(), "ASAN_OPTIONS": "detect_leaks=0"}  # Python leaks at its end
        command = [sys.executable, "-m", "tests.long.fuzz_reader", "--library", str(library)]
        command += ["--seconds", str(arguments.seconds), "--seed", str(arguments.seed)]
        sys.exit(subprocess.run(command, check=False, env=os.environ | watched).returncode)


if __name__ == "__main__":
    main()
