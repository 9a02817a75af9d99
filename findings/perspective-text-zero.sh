#!/bin/sh
# Hyperparameters are text: a job's dropout is "0.5", another's is "none". Perspective makes tables for its viewer, of records, of
# columns and of CSV. One would expect "none" to be text, or missing. From CSV the column is text. From records and columns, since
# the first value is a fraction, it is one of numbers, of a text remains what a number begins with, and where none does it is 0:
# "none" is a dropout of 0, and the betas "0.9,0.999" are 0.9. With the jobs in another order the column is text there too.
# Seen with perspective-python 5.6.1.
. "$(dirname "$0")/lib"
in_packages 'perspective-python==5.6.1' <<'PYTHON'
import importlib.metadata
import sys

import perspective

texts = {"dropout": ["0.5", "none"], "betas": ["0.9", "0.9,0.999"]}
client = perspective.Server().new_local_client()


def read(table):
    columns = client.table(table).view().to_columns()
    return {name: columns[name] for name in texts}


rows = list(zip(*texts.values(), strict=True))
forms = {
    "records": [dict(zip(texts, row, strict=True)) for row in rows],
    "records, the other way round": [dict(zip(texts, row, strict=True)) for row in reversed(rows)],
    "columns": texts,
    "CSV": "\n".join(",".join(f'"{value}"' for value in row) for row in [tuple(texts), *rows]) + "\n",
}
print(f"perspective-python {importlib.metadata.version('perspective-python')}")
seen = {form: read(table) for form, table in forms.items()}
for form, columns in seen.items():
    print(f"{form}: {columns}")
numbers = {"dropout": [0.5, 0], "betas": [0.9, 0.9]}
turned = {name: values[::-1] for name, values in texts.items()}
sys.exit(0 if seen == dict(zip(forms, [numbers, turned, numbers, texts], strict=True)) else 1)
PYTHON
