// Requests to the control API.
import { request } from "node:http";

/** The server refuses what it was told, or what was waited for did not come. */
export class MockError extends Error {
  constructor(message, status, body, options) {
    super(message, options);
    this.name = "MockError";
    this.status = status;
    this.body = body;
  }
}

/** The control API of one server, over http of Node's own, so that a patched `fetch` is no matter. */
export class Control {
  #host;
  #port;
  #token;

  constructor({ host, port, controlToken }) {
    this.#host = host;
    this.#port = port;
    this.#token = controlToken;
  }

  async send(method, path, body) {
    const data = body === undefined ? undefined : JSON.stringify(body);
    const headers = { authorization: `Bearer ${this.#token}` };
    if (data !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(data);
    }
    const where = { host: this.#host, port: this.#port, method, path: `/control${path}`, headers };
    const { status, text } = await exchange(where, data).catch((error) => {
      const told = `the mock does not answer to ${method} /control${path} (${error.code}); was it stopped?`;
      throw new MockError(told, 0, {}, { cause: error });
    });
    const answer = text ? JSON.parse(text) : undefined;
    if (status >= 400) throw new MockError(answer?.error ?? `status ${status}`, status, answer ?? {});
    return answer;
  }
}

function exchange(where, data) {
  return new Promise((resolve, reject) => {
    const sent = request({ ...where, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (more) => (text += more));
      response.on("end", () => resolve({ status: response.statusCode, text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(data);
  });
}
