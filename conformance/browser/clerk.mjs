// The instance beside its pages: its API, and an endpoint that its webhooks tell of what happens.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { url } from "./browser.mjs";

/** Sends a request to the API; returns the status and the answer. */
export async function send(method, path, body) {
  const response = await fetch(`${url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${process.env.CLERK_SECRET_KEY}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, value: await response.json().catch(() => null) };
}

/** The same for what must succeed; returns the answer. */
export async function must(method, path, body) {
  const { status, value } = await send(method, path, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(value)}`);
  return value;
}

/** An endpoint that keeps what it is told. What it answers is text of anybody's, too. */
export class Receiver {
  events = [];
  #arrived = () => {};
  #server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    this.events.push(JSON.parse(Buffer.concat(chunks)));
    response.statusCode = this.status;
    response.end(this.answer);
    this.#arrived();
  });
  status = 200;
  answer = "thank you";

  async start() {
    await new Promise((ready) => this.#server.listen(0, "127.0.0.1", ready));
    this.url = `http://127.0.0.1:${this.#server.address().port}/webhooks`;
    return this;
  }

  /** Waits for an event that is as wanted. */
  async event(type, wanted = () => true) {
    const late = Date.now() + 10_000;
    for (;;) {
      const found = this.events.find((event) => event.type === type && wanted(event.data));
      if (found) return found;
      assert.ok(Date.now() < late, `no ${type} came, only ${this.events.map(({ type }) => type)}`);
      await Promise.race([
        new Promise((resolve) => (this.#arrived = resolve)),
        new Promise((resolve) => setTimeout(resolve, 500)),
      ]);
    }
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
