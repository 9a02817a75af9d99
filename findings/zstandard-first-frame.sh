#!/bin/sh
# Dumps are appended to: each export adds a compressed frame to one .jsonl.zst, which the format allows, and the zstd tool reads
# all of them. One would expect the same of zstandard's decompress(). It returns the first frame and drops the rest without a
# word; the stream reader and open() of the same library read both, as Python's gzip reads all members.
# Seen with zstandard 0.25.0.
. "$(dirname "$0")/lib"
in_packages 'zstandard==0.25.0' <<'PYTHON'
import gzip
import io
import sys

import zstandard

days = [b'{"TrainingJobName":"monday"}\n', b'{"TrainingJobName":"tuesday"}\n']
dump = b"".join(zstandard.ZstdCompressor().compress(day) for day in days)
print(f"zstandard {zstandard.__version__}")
whole = zstandard.ZstdDecompressor().decompress(dump)
plain = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(dump)).read()
opened = zstandard.open(io.BytesIO(dump)).read()
members = gzip.decompress(b"".join(map(gzip.compress, days)))
for door, read in {"decompress": whole, "stream_reader": plain, "open": opened, "gzip": members}.items():
    print(f"{door}: {len(read.splitlines())} of 2 lines")
sys.exit(0 if whole == days[0] and plain == opened == members else 1)
PYTHON
