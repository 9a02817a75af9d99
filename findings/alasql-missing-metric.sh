#!/bin/sh
# Three jobs have a loss, a fourth has none. One would expect the statistics of SQL to pass over it, and AlaSQL's AVG does. MEDIAN
# does so where the loss is null. Where the record has no such member at all, it counts as a value: the median of 1, 2 and 9 is 5.5,
# and with three such jobs there is none; STDEV is missing. STDEVP is another one where a loss is null.
# Seen with alasql 4.19.1.
. "$(dirname "$0")/lib"
in_npm 'alasql@4.19.1' <<'NODE'
import alasql from "alasql";

const jobs = [{ loss: 1 }, { loss: 2 }, { loss: 9 }];
const tables = { "three jobs": jobs, "and one of null": [...jobs, { loss: null }], "and one without": [...jobs, {}] };
const query = "SELECT AVG(loss) mean, MEDIAN(loss) median, STDEV(loss) deviation, STDEVP(loss) whole FROM ?";
console.log("alasql 4.19.1");
const seen = {};
for (const [name, table] of Object.entries(tables)) {
  const [{ mean, median, deviation, whole }] = alasql(query, [table]);
  seen[name] = [mean, median, deviation?.toFixed(2) ?? "none", whole?.toFixed(2) ?? "none"].join(" ");
  console.log(`${name}: mean, median, STDEV and STDEVP are ${seen[name]}`);
}
process.exit(Object.values(seen).join() === "4 2 4.36 3.56,4 2 4.36 3.54,4 5.5 none none" ? 0 : 1);
NODE
