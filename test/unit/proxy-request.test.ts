import { expect, test } from "vitest";
import { backendFetch } from "../../src/proxy/backend-fetch.ts";
import { BackendFailure, type Fetch, post } from "../../src/proxy/request.ts";
import { verify } from "../../src/proxy/signature.ts";

const request = {
  address: "https://backend.example/rpc",
  body: '{"n":1}',
  headers: [
    {
      cookie: "a=1",
      "content-type": "text/plain",
      "x-poorwill-signature": "forged",
      "x-key": "of the client",
    },
    { "X-Key": "static" },
  ],
  secret: "shared",
  timeout: 500,
  answerSize: 10,
};

test("PROXY-02 PROXY-09: what the gateway sets itself goes over static headers, and those over a client's", async () => {
  const sent: Request[] = [];
  const answer = await post(request, async (given) => {
    sent.push(given);
    return new Response("{}");
  });
  const [{ headers, redirect, method } = new Request("https://none.example")] = sent;
  expect(answer).toEqual({ status: 200, text: "{}" });
  expect([method, redirect]).toEqual(["POST", "manual"]);
  expect(headers.get("Cookie")).toBe("a=1");
  expect(headers.get("X-Key")).toBe("static");
  expect(headers.get("Content-Type")).toBe("application/json");
  expect(await verify(headers.get("X-Poorwill-Signature"), request.body, "shared")).toBe(true);
});

test("PROXY-02: without a secret there is no signature, also no forged one", async () => {
  let header: string | null = "";
  await post({ ...request, secret: undefined }, async ({ headers }) => {
    header = headers.get("X-Poorwill-Signature");
    return new Response(null);
  });
  expect(header).toBeNull();
});

test.each<[string, Fetch, string]>([
  ["no answer", () => new Promise(() => {}), "no answer within 500 ms"],
  [
    "a body that never ends",
    async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
    "no answer within 500 ms",
  ],
  ["a body that is too long", async () => new Response("x".repeat(11)), "the answer is longer than 10 bytes"],
  ["a failing connection", () => Promise.reject(new TypeError("refused")), "the connection failed"],
])("PROXY-07: %s is a failure that says why", async (_, fetch, message) => {
  const failure = await post(request, fetch).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BackendFailure);
  expect(failure).toMatchObject({ message });
});

test("PROXY-12: an object's requests go through the entrypoint `Outgoing`, which has connections of its own", async () => {
  const exports = { Outgoing: { fetch: async () => new Response("from the entrypoint") } };
  const response = await backendFetch(exports)(new Request("https://backend.example"));
  expect(await response.text()).toBe("from the entrypoint");
});
