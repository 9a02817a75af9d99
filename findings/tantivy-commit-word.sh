#!/bin/sh
# A job has the commit of its code as a tag. One would expect to find it by the whole commit, as by a shortened one that was
# written so. tantivy's default tokenizer, which text and JSON fields have unless told otherwise, leaves out words of 40 and more
# characters: a commit is of exactly 40, so it is never indexed and finds nothing, while 39 characters, or an MD5 sum of 32, are
# found. A field with the tokenizer "raw" finds all.
# Seen with tantivy 0.27.0 (the Python package).
. "$(dirname "$0")/lib"
in_packages 'tantivy==0.27.0' <<'PYTHON'
import hashlib
import importlib.metadata
import sys

import tantivy

print(f"tantivy {importlib.metadata.version('tantivy')}")
commit, digest = hashlib.sha1(b"code").hexdigest(), hashlib.sha256(b"code").hexdigest()
tags = {"commit": commit, "commit less one": commit[:39], "MD5": hashlib.md5(b"code").hexdigest(), "SHA-256": digest}
builder = tantivy.SchemaBuilder()
builder.add_json_field("job")
builder.add_text_field("tag")
builder.add_text_field("whole", tokenizer_name="raw")
index = tantivy.Index(builder.build())
writer = index.writer(15_000_000)
for value in tags.values():
    document = tantivy.Document()
    document.add_json("job", {"tag": value})
    document.add_text("tag", value)
    document.add_text("whole", value)
    writer.add_document(document)
writer.commit()
index.reload()
seen = {}
for name, value in tags.items():
    seen[name] = [index.searcher().search(index.parse_query(f"{field}:{value}"), 10).count for field in ("job.tag", "tag", "whole")]
    print(f"{name}, {len(value)} characters: found {seen[name]} times (job.tag, tag, whole)")
expected = {"commit": [0, 0, 1], "commit less one": [1, 1, 1], "MD5": [1, 1, 1], "SHA-256": [0, 0, 1]}
sys.exit(0 if seen == expected else 1)
PYTHON
