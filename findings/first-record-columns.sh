#!/bin/sh
# Each job has hyperparameters of its own. One would expect a library that makes a table of records to have a column for each name
# that one of them has, as d3-dsv, SheetJS and json2csv do. Papa Parse, csv-stringify and Arquero look at the first record alone, and
# drop what only later ones have: the table is whole, and the momentum of the second job is nowhere in it.
# Seen with papaparse 5.7.1, csv-stringify 6.9.0, arquero 7.2.0, d3-dsv 3.0.2, xlsx 0.18.5, @json2csv/plainjs 7.0.8.
. "$(dirname "$0")/lib"
in_npm 'papaparse@5.7.1 csv-stringify@6.9.0 arquero@7.2.0 d3-dsv@3.0.2 xlsx@0.18.5 @json2csv/plainjs@7.0.8' <<'NODE'
import { Parser } from "@json2csv/plainjs";
import * as arquero from "arquero";
import { stringify } from "csv-stringify/sync";
import { csvFormat } from "d3-dsv";
import papaparse from "papaparse";
import xlsx from "xlsx";

const jobs = [
  { TrainingJobName: "a", lr: "0.1" },
  { TrainingJobName: "b", lr: "0.2", momentum: "0.9" },
];
const tables = {
  papaparse: papaparse.unparse(jobs),
  "csv-stringify": stringify(jobs, { header: true }),
  arquero: arquero.from(jobs).toCSV(),
  "d3-dsv": csvFormat(jobs),
  xlsx: xlsx.utils.sheet_to_csv(xlsx.utils.json_to_sheet(jobs)),
  json2csv: new Parser().parse(jobs),
};
const lost = Object.keys(tables).filter((library) => !tables[library].includes("0.9"));
for (const [library, table] of Object.entries(tables)) {
  console.log(`${library}: ${table.trim().split(/\r?\n/).join(" | ")}`);
}
process.exit(lost.join() === "papaparse,csv-stringify,arquero" ? 0 : 1);
NODE
