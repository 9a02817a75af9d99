#!/bin/sh
# The costs 0.10, -0.05 and 123.45 are decimals in an Arrow file. One would expect Arrow's JavaScript library to give them, as text or
# as numbers. Its values have no point, in text, in JSON and as numbers: 10, -5, 12345. Where the point belongs stands in the column's type
# alone. As text and in JSON those of 256 bits are no more than their last digit: 0, -5, 5. hyparquet gives 0.1, -0.05, 123.45.
# Seen with apache-arrow 21.2.0, hyparquet 1.33.0, pyarrow 25.0.1.
. "$(dirname "$0")/lib"
in_packages 'pyarrow==25.0.1' <<'PYTHON' || exit 2
import decimal

import pyarrow
import pyarrow.feather
import pyarrow.parquet

costs = [decimal.Decimal(cost) for cost in ("0.10", "-0.05", "123.45")]
table = pyarrow.table({"narrow": pyarrow.array(costs, pyarrow.decimal128(9, 2)), "wide": pyarrow.array(costs, pyarrow.decimal256(50, 2))})
pyarrow.feather.write_feather(table, "costs.arrow", compression="uncompressed")
pyarrow.parquet.write_table(table, "costs.parquet")
PYTHON
in_npm 'apache-arrow@21.2.0 hyparquet@1.33.0' <<'NODE'
import fs from "node:fs";
import { tableFromIPC } from "apache-arrow";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const arrow = tableFromIPC(fs.readFileSync("costs.arrow"));
const rows = await parquetReadObjects({ file: await asyncBufferFromFile("costs.parquet") });
console.log("apache-arrow 21.2.0, hyparquet 1.33.0: 0.10, -0.05 and 123.45");
const seen = [];
for (const column of ["narrow", "wide"]) {
  const values = [...arrow.getChild(column)];
  const forms = [values.join(), JSON.stringify(values), values.map(Number).join(), rows.map((row) => row[column]).join()];
  seen.push(...forms);
  console.log(`${column}: as text ${forms[0]}, in JSON ${forms[1]}, as numbers ${forms[2]}; of hyparquet ${forms[3]}`);
}
const whole = "10,-5,12345";
const right = "0.1,-0.05,123.45";
const narrow = [whole, '["\\"10\\"","\\"-5\\"","\\"12345\\""]', whole, right];
const wide = ["0,-5,5", '["\\"0\\"","\\"-5\\"","\\"5\\""]', whole, right];
process.exit(seen.join(";") === [...narrow, ...wide].join(";") ? 0 : 1);
NODE
