import { expect, onTestFinished, test, vi } from "vitest";
import { startGateway } from "../../src/start.ts";

const WRONG = "configuration: proxy.rpc.endpoint: must be an https address";
const fail = (): (() => Response) => {
  throw new Error(WRONG);
};

test("CONF-11: in development a wrong configuration is logged, and every request is answered with it", async () => {
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => errors.mockRestore());
  const answer = startGateway(fail, { ENVIRONMENT: "development" });
  const lines = errors.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown);
  expect(lines).toMatchObject([{ event: "gateway.not_started", message: WRONG }]);
  for (const response of [answer(), answer()]) {
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: { code: "internal", message: WRONG } });
  }
});

test.each([undefined, "production", "Development"])("CONF-11: under %s it ends the start", (ENVIRONMENT) => {
  expect(() => startGateway(fail, ENVIRONMENT === undefined ? {} : { ENVIRONMENT })).toThrow(WRONG);
});

test("CONF-11: a right one changes nothing", () => {
  const answer = () => new Response();
  expect(startGateway(() => answer, { ENVIRONMENT: "development" })).toBe(answer);
});
