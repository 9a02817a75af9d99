// Asks with the AWS SDK for JavaScript v3 what standard input says, and writes each page with JSON.stringify.
import { appendFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const sagemaker = createRequire(process.cwd() + "/")("@aws-sdk/client-sagemaker");
const client = new sagemaker.SageMakerClient({});

async function* pagesOf(operation, input) {
  const paginate = sagemaker[`paginate${operation}`];
  if (paginate) yield* paginate({ client }, input);
  else yield await client.send(new sagemaker[`${operation}Command`](input));
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { operation, input } = JSON.parse(line);
  if (!sagemaker[`${operation}Command`]) {
    console.error(`unknown ${operation}`);
    continue;
  }
  for await (const page of pagesOf(operation, input)) {
    appendFileSync(`${process.argv[2]}/${operation}.jsonl`, JSON.stringify(page) + "\n");
  }
}
