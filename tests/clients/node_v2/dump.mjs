// Asks with the AWS SDK for JavaScript v2 what standard input says, and writes each page with JSON.stringify.
import { appendFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AWS = createRequire(process.cwd() + "/")("aws-sdk");
// Version 2 does not read AWS_ENDPOINT_URL_SAGEMAKER.
const client = new AWS.SageMaker({
  endpoint: process.env.AWS_ENDPOINT_URL_SAGEMAKER,
  region: process.env.AWS_DEFAULT_REGION,
});

function pagesOf(method, input) {
  return new Promise((resolve, reject) => {
    const pages = [];
    client[method](input).eachPage((error, page) => {
      if (error) return reject(error);
      if (page === null) return resolve(pages);
      pages.push(page);
    });
  });
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { operation, input } = JSON.parse(line);
  const method = operation[0].toLowerCase() + operation.slice(1);
  if (!client[method]) {
    console.error(`unknown ${operation}`);
    continue;
  }
  const isPaged = client.api.operations[method].paginator;
  const pages = isPaged ? await pagesOf(method, input) : [await client[method](input).promise()];
  for (const page of pages) {
    appendFileSync(`${process.argv[2]}/${operation}.jsonl`, JSON.stringify(page) + "\n");
  }
}
