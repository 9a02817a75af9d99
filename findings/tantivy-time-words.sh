#!/bin/sh
# In a JSON field of tantivy, text is cut into words: "2024-01-05" is found by 2024. One would expect so of a time as dumps have
# it, with T or with a blank (str of a datetime). Text that reads as a time is stored as a time instead, and neither its year nor
# its day finds it, only the whole of it.
# Seen with tantivy 0.27.0 (the Python package).
. "$(dirname "$0")/lib"
in_packages 'tantivy==0.27.0' <<'PYTHON'
import importlib.metadata
import sys

import tantivy

print(f"tantivy {importlib.metadata.version('tantivy')}")
builder = tantivy.SchemaBuilder()
builder.add_json_field("job")
index = tantivy.Index(builder.build())
writer = index.writer(15_000_000)
for value in ("2024-01-05", "2024-01-05 10:00:00+00:00", "2024-01-05T10:00:00+00:00"):
    document = tantivy.Document()
    document.add_json("job", {"CreationTime": value})
    writer.add_document(document)
writer.commit()
index.reload()
counts = {}
for words in ("2024", '"2024-01-05"', '"2024-01-05T10:00:00+00:00"'):
    counts[words] = index.searcher().search(index.parse_query(f"job.CreationTime:{words}"), 10).count
    print(f"CreationTime:{words} finds {counts[words]} of 3 jobs")
sys.exit(0 if list(counts.values()) == [1, 1, 2] else 1)
PYTHON
