import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFork, type Fork } from "../support/fork.ts";
import { environment, findFreePort, waitUntilAnswered } from "../support/gateway.ts";
import { startGroup } from "../support/process-group.ts";
import { runIn } from "./support/run.ts";

let fork: Fork;

beforeAll(async () => {
  fork = await createFork();
});
afterAll(() => fork.delete());

test("README-14: the README's commands make an application that starts as the README says", async () => {
  const commands = await fork.snippet("README.md", "sh create");
  // Beside the repository, in a folder that no other run has.
  const application = `${fork.directory}-app`;
  await runIn(fork.directory, "sh", "-ec", commands.replace("../my-app", application));
  try {
    await runIn(application, "npm", "install");
    const [port, inspectorPort] = [await findFreePort(), await findFreePort()];
    const options = ["--port", `${port}`, "--inspector-port", `${inspectorPort}`, "--ip", "127.0.0.1"];
    const dev = startGroup("npm", ["run", "dev", "--", ...options], {
      cwd: application,
      env: environment(join(application, ".wrangler")),
    });
    try {
      const url = `http://127.0.0.1:${port}`;
      await waitUntilAnswered(`${url}/healthz`, dev);
      expect((await fetch(url)).status).toBe(200);
    } finally {
      await dev.stop();
    }
  } finally {
    await rm(application, { recursive: true, force: true });
  }
});
