// A stand-in of the SageMaker service on loopback, which findings import. It knows no operation, only its answer.
import http from "node:http";

/** Starts a server that lives as long as the program, gives every request `answer` as JSON, and returns its URL. */
export async function serve(answer) {
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(answer)));
  });
  server.unref();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${server.address().port}`;
}
