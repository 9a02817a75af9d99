// A stand-in of the SageMaker service on loopback, which findings import. It knows no operation, only its answer.
import http from "node:http";

/**
 * Starts a server that lives as long as the program, and returns its URL. Every request gets `answer` as JSON, or what it returns for
 * the operation's name and the request's members.
 */
export async function serve(answer) {
  const server = http.createServer(async (request, response) => {
    const operation = request.headers["x-amz-target"]?.split(".").at(-1) ?? "";
    const members = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const body = typeof answer === "function" ? answer(operation, members) : answer;
    response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(body));
  });
  server.unref();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${server.address().port}`;
}
