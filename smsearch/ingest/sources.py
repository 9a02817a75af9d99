"""Finds the files behind the sources a user names, and opens them, compressed or not.

A source is a file, a folder, a glob, or `-` for standard input. What cannot be opened inside a folder is reported and
the rest goes on; what was named and is not there is an error. It knows bytes and files, no document.
"""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import os
import stat
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from smsearch import occupied
from smsearch.archive.manifest import is_archive
from smsearch.errors import ExportError
from smsearch.frozen import replace
from smsearch.store.manifest import is_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.ingest.progress import Advance

STANDARD_INPUT: Final = "-"
GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_UTF16_MAGIC: Final = (b"\xff\xfe", b"\xfe\xff")
_MAGIC_BYTES: Final = 4
_UNFINISHED: Final = "an unfinished store or archive"
_BUFFER_BYTES: Final = 1 << 20
_PACKED_BYTES: Final = 1 << 14
"""Zstandard bytes that are unpacked at a time: few, for they may become thousands of times more."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, or what stands in its way.

    Attributes:
        name: As the user will recognise it.
        size: Its bytes on disk; 0 for standard input.
        problem: Why it cannot be read, or `""`.
        is_named: Whether the user named this very file.
        short_name: The name that is kept with its records: relative to the folder that was given, or as the user
            named it where that is not enough to tell files apart.
    """

    name: str
    size: int = 0
    problem: str = ""
    is_named: bool = False
    short_name: str = ""


def find(sources: Iterable[str]) -> list[SourceFile]:
    """The files behind some sources, each once, in a stable order.

    Raises:
        ExportError: A source that is not there, is neither file nor folder, or a glob that matches nothing.
        StoreError: A source that is an unfinished store or archive.
    """
    files: dict[str, SourceFile] = {}
    for source in sources:
        for file in _behind(source):
            files.setdefault(file.name, replace(file, short_name=_relative(file.name, _base(source))))
    counts = Counter(file.short_name for file in files.values())
    return [
        file if counts[file.short_name] == 1 else replace(file, short_name=_readable(file.name))
        for file in files.values()
    ]


def _base(source: str) -> str:
    """The folder that a source gives: itself, or that of a file, or what stands before the first wildcard."""
    if os.path.isdir(source):  # noqa: PTH112 - text in, text out
        return source
    base = os.path.dirname(source)  # noqa: PTH120 - text in, text out
    while glob.has_magic(base) and not os.path.lexists(source):
        base = os.path.dirname(base)  # noqa: PTH120 - text in, text out
    return base


def _relative(name: str, base: str) -> str:
    """A file's name below a folder; both as the user spells them, and nothing of what is above is said."""
    return _readable(name.removeprefix(base).lstrip(os.sep) if base else name)


def _readable(name: str) -> str:
    """A name as text; bytes that are no UTF-8 are written as escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _behind(source: str) -> Iterator[SourceFile]:
    if source == STANDARD_INPUT:
        yield SourceFile(STANDARD_INPUT, is_named=True)
        return
    if "\x00" in source:
        raise ExportError("A source's name holds a NUL byte.", file=source.replace("\x00", "\\0"), hint="Name a file.")
    if not os.path.lexists(source) and glob.has_magic(source):
        matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - `Path.glob` takes no absolute pattern
        if not matches:
            raise ExportError("The pattern matches no file.", file=source, hint="Quote it, and check the folder.")
        for match in matches:
            yield from _entry(match, is_named=False)
        return
    yield from _entry(source, is_named=True)


def _entry(path: str, *, is_named: bool) -> Iterator[SourceFile]:
    """The files of one path; what the user did not name himself is reported and not an error."""
    try:
        status = os.stat(path)  # noqa: PTH116 - one system call a file
    except OSError as error:
        if is_named:
            raise ExportError(f"{error.strerror}.", file=path, hint="Name a file, a folder, a glob, or -.") from None
        yield SourceFile(path, problem=f"{error.strerror}.")
        return
    if stat.S_ISDIR(status.st_mode):
        if is_named and _own_folder(Path(path)) == _UNFINISHED:
            raise occupied.unreadable(Path(path))
        yield from _folder(path)
    elif stat.S_ISREG(status.st_mode):
        yield SourceFile(path, status.st_size, is_named=is_named)
    elif is_named:
        raise ExportError("It is neither a file nor a folder.", file=path, hint="Pipe it in and name it -.")
    else:
        yield SourceFile(path, problem="It is neither a file nor a folder; it was not opened.")


def _folder(folder: str) -> Iterator[SourceFile]:
    """The files below a folder, but hidden ones and those of stores; a folder that links lead back to is read once."""
    inodes: set[tuple[int, int]] = set()
    unreadable: list[OSError] = []
    for where, folders, files in os.walk(folder, followlinks=True, onerror=unreadable.append):
        status = os.stat(where)  # noqa: PTH116 - one system call a folder
        if (status.st_dev, status.st_ino) in inodes:
            folders.clear()
            continue
        inodes.add((status.st_dev, status.st_ino))
        if kind := _own_folder(Path(where)):
            folders.clear()
            yield SourceFile(where, problem=f"It is {kind}, not an export: name it alone to search it.")
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield from _entry(os.path.join(where, name), is_named=False)  # noqa: PTH118 - text in, text out
    for error in unreadable:
        yield SourceFile(str(error.filename), problem=f"{error.strerror}.")


def _own_folder(folder: Path) -> str:
    """What a folder is, if smsearch wrote it, or `""`."""
    if is_store(folder):
        return "a store"
    if is_archive(folder):
        return "an archive"
    return _UNFINISHED if occupied.is_of_a_writer(folder) else ""


class ByteStream(io.RawIOBase):
    """Bytes made of another stream's, which is closed with it; a subclass says how some of them are taken."""

    _failure: OSError | None = None

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def take(self, size: int) -> bytes:
        """At most `size` bytes, none at the end; raises whatever the library that reads them does."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills a buffer as far as one take goes; one that fails ends first, or its reader would lose the last line.

        Raises:
            OSError: The stream is cut or damaged here.
        """
        if self._failure is not None:
            raise self._failure
        try:
            data = self.take(len(buffer))
        except Exception as error:  # noqa: BLE001 - gzip, zlib, zstandard and the decoder each raise their own
            self._failure = error if isinstance(error, OSError) else OSError(str(error))
            return 0
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Closes the other stream too."""
        if not self.closed:
            self._file.close()
        super().close()


class _Counted(ByteStream):
    """A file that says how far it was read."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        super().__init__(file)
        self._told = advance

    def take(self, size: int) -> bytes:
        """Reads on, and says so."""
        data = self._file.read(size)
        self._told(len(data))
        return data

    def close(self) -> None:
        """Closes the file, unless it is standard input, which is the caller's."""
        if self._file is sys.stdin.buffer:
            io.RawIOBase.close(self)
        else:
            super().close()


def open_source(source: SourceFile, advance: Advance) -> io.BufferedReader:
    """The decompressed bytes of a source; `advance` is given the bytes of every read from it.

    Where the file is cut or damaged, reading raises OSError, after all that stands before it was given.

    Raises:
        ExportError: It cannot be opened.
        OSError: It cannot be read at all.
    """
    try:
        file = sys.stdin.buffer if source.name == STANDARD_INPUT else Path(source.name).open("rb")  # noqa: SIM115 - closed with the reader
    except OSError as error:
        raise ExportError(f"{error.strerror}.", file=source.name) from None
    stream: io.BufferedReader = io.BufferedReader(_Counted(file, advance), _BUFFER_BYTES)
    magic = stream.peek(_MAGIC_BYTES)[:_MAGIC_BYTES]
    if magic.startswith(GZIP_MAGIC):
        return io.BufferedReader(_Members(stream), _BUFFER_BYTES)
    if magic == ZSTD_MAGIC:
        return io.BufferedReader(_Frames(stream), _BUFFER_BYTES)
    if magic.startswith(_UTF16_MAGIC):
        return io.BufferedReader(_Recoded(stream), _BUFFER_BYTES)
    if encoding := _unmarked_utf16(magic):
        stream.close()
        message = f"It is {encoding} without a byte order mark. Convert it: iconv -f {encoding} -t UTF-8."
        raise ExportError(message, file=source.name)
    return stream


def _unmarked_utf16(magic: bytes) -> str:
    """The encoding that four first bytes show: of JSON, which begins with ASCII, every other one is 0 (RFC 4627)."""
    zeros = [byte == 0 for byte in magic]
    if zeros == [False, True, False, True]:
        return "UTF-16LE"
    return "UTF-16BE" if zeros == [True, False, True, False] else ""


class _Members(ByteStream):
    """Gzip members; what stands before a cut is given before the cut is an error."""

    def __init__(self, file: io.BufferedReader) -> None:
        super().__init__(file)
        self._members = gzip.GzipFile(fileobj=file)

    def take(self, size: int) -> bytes:
        """What one read of the file gives."""
        return self._members.read1(size)


class _Chunked(ByteStream):
    """A stream that comes in chunks of any size."""

    _rest = b""

    def more(self) -> bytes:
        """The next chunk, empty at the end."""
        raise NotImplementedError

    def take(self, size: int) -> bytes:
        """A part of the current chunk, or of the next one."""
        chunk = self._rest or self.more()
        data, self._rest = chunk[:size], chunk[size:]
        return data


class _Frames(_Chunked):
    """Zstandard frames one after another; the end of the file in the middle of one is an error, as it is for gzip."""

    def __init__(self, file: io.BufferedReader) -> None:
        import zstandard  # needed by few dumps

        super().__init__(file)
        self._packed = file
        self._new_frame = zstandard.ZstdDecompressor().decompressobj
        self._frame = self._new_frame()
        self._is_in_frame = False

    def more(self) -> bytes:
        """What the next bytes of the file decompress to."""
        data = b""
        while not data:
            packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._is_in_frame = self._new_frame(), False
            packed = packed or self._packed.read(_PACKED_BYTES)
            if not packed:
                if self._is_in_frame:
                    raise EOFError("Compressed file ended before the end-of-stream marker was reached")
                return b""
            self._is_in_frame = True
            data = self._frame.decompress(packed)
        return data


class _Recoded(_Chunked):
    """UTF-16 text as UTF-8; half a surrogate pair stays one, so that only its own document is refused."""

    def __init__(self, file: io.BufferedReader) -> None:
        super().__init__(file)
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")

    def more(self) -> bytes:
        """The next characters."""
        text = ""
        while not text and (raw := self._file.read(_BUFFER_BYTES)):
            text = self._decoder.decode(raw)
        return (text or self._decoder.decode(b"", final=True)).encode("utf-8", "surrogatepass")
