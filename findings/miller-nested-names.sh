#!/bin/sh
# Miller writes a job's HyperParameters as columns HyperParameters.lr, HyperParameters.momentum, .... One would expect its verbs to
# know these names. From JSON they come into being as the records are written, after all verbs: `unsparsify` before that does not
# give the jobs the same columns, so the CSV has a new header for each job, and `sort -nr HyperParameters.lr` leaves the order as it
# was, without a word. After `flatten` both work, but -nr sorts "0.5", "1e-05", "0.01", numbers in quotes, as text.
# Seen with Miller 6.6.0 (of Debian).
. "$(dirname "$0")/lib"
from_debian 'miller=6.6.0-2+b3'
"$place/debian/usr/bin/mlr" --version
cat >"$place/jobs.json" <<'JSON'
{"name": "a", "HyperParameters": {"lr": "0.01"}}
{"name": "b", "HyperParameters": {"lr": "0.5", "momentum": "0.9"}}
{"name": "c", "HyperParameters": {"lr": "1e-05"}}
JSON
mlr() { "$place/debian/usr/bin/mlr" "$@" "$place/jobs.json"; }
headers=$(mlr --ijson --ocsv unsparsify | grep -c '^name,')
flattened=$(mlr --ijson --ocsv flatten 'then' unsparsify | grep -c '^name,')
nested=$(mlr --ijson --onidx sort -nr HyperParameters.lr 'then' cut -f name | tr -d '\n')
sorted=$(mlr --ijson --onidx flatten 'then' sort -nr HyperParameters.lr 'then' cut -f name | tr -d '\n')
echo "headers of the CSV: $headers with unsparsify, $flattened with flatten and unsparsify"
echo "by lr downwards: $nested with sort -nr, $sorted with flatten and sort -nr"
[ "$headers $flattened $nested $sorted" = '3 1 abc cba' ]
