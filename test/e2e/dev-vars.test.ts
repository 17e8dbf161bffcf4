import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "../support/gateway.ts";

const WRANGLER = `
name = "poorwill-variables"
main = "worker.js"
compatibility_date = "2026-10-23"
send_metrics = false
`;
const WORKER = "export default { fetch: (_request, env) => new Response(env.WORD) };";

test("GUIDE-22: .dev.vars is read at the start, and again when wrangler.toml is saved", async () => {
  const folder = await mkdtemp(join(tmpdir(), "poorwill-variables-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [config, variables] = [join(folder, "wrangler.toml"), join(folder, ".dev.vars")];
  await writeFile(config, WRANGLER);
  await writeFile(join(folder, "worker.js"), WORKER);
  await writeFile(variables, 'WORD="before"\n');
  const gateway = await startGateway({ configPath: config });
  onTestFinished(() => gateway.stop());
  const word = async () => (await fetch(gateway.url)).text();
  expect(await word()).toBe("before");

  await writeFile(variables, 'WORD="after"\n');
  await expect
    .poll(
      async () => {
        await utimes(config, new Date(), new Date());
        return word();
      },
      { interval: 2_000 },
    )
    .toBe("after");
});
