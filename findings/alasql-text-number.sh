#!/bin/sh
# A job's hyperparameters are text, and one asks for those with lr = 0.2. One would expect AlaSQL to compare text with a number either
# way. Its <, BETWEEN and <> take "0.2" for a number, = and IN do not: a job whose lr is "0.2" is found by BETWEEN 0.2 AND 0.2, and
# neither by = 0.2 nor by <> 0.2. SUM and AVG of text are no value, and GROUP BY takes the text "null" and null for one.
# Seen with alasql 4.19.1.
. "$(dirname "$0")/lib"
in_npm 'alasql@4.19.1' <<'NODE'
import alasql from "alasql";

const jobs = [
  { name: "a", lr: "0.2", penalty: "null" },
  { name: "b", lr: "0.10", penalty: null },
  { name: "c", lr: "1e-05" },
];
console.log("alasql 4.19.1");
const expected = { "lr < 0.15": "b,c", "lr BETWEEN 0.2 AND 0.2": "a", "lr = 0.2": "", "lr IN (0.2)": "", "lr <> 0.2": "b,c" };
const seen = {};
for (const condition of Object.keys(expected)) {
  seen[condition] = alasql(`SELECT name FROM ? WHERE ${condition}`, [jobs]).map((job) => job.name).join();
  console.log(`${condition}: ${seen[condition] || "none"}`);
}
const [{ summed, mean }] = alasql("SELECT SUM(lr) summed, AVG(lr) mean FROM ?", [jobs]);
const groups = alasql("SELECT penalty, COUNT(*) jobs FROM ? GROUP BY penalty", [jobs]);
console.log(`SUM ${summed}, AVG ${mean}, by penalty ${JSON.stringify(groups)}`);
const odd = summed === undefined && mean === undefined && JSON.stringify(groups) === '[{"penalty":"null","jobs":2},{"jobs":1}]';
process.exit(odd && JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1);
NODE
