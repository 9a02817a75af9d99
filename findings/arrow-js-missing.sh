#!/bin/sh
# A job without a hyperparameter or metric has no member for it. One would expect tableFromJSON of Arrow for JavaScript to make it
# null, as it makes a null of null. Missing text becomes the empty text and a missing number NaN, and neither counts as null: which
# jobs had no momentum, and which had a loss of NaN, cannot be told any more.
# Seen with apache-arrow 21.2.0.
. "$(dirname "$0")/lib"
in_npm 'apache-arrow@21.2.0' <<'NODE'
import { tableFromJSON } from "apache-arrow";

const jobs = [
  { TrainingJobName: "a", momentum: "0.9", loss: 0.5 },
  { TrainingJobName: "b" },
  { TrainingJobName: "c", momentum: null, loss: null },
];
const table = tableFromJSON(jobs);
const rows = table.toArray().map((row) => row.toJSON());
console.log(rows);
console.log("nulls:", table.getChild("momentum").nullCount, "of momentum,", table.getChild("loss").nullCount, "of loss");
const [, missing, nothing] = rows;
const counts = [table.getChild("momentum").nullCount, table.getChild("loss").nullCount].join();
process.exit(counts === "1,1" && missing.momentum === "" && Number.isNaN(missing.loss) && nothing.loss === null ? 0 : 1);
NODE
