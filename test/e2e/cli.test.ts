import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createTokenVerifier } from "../../src/auth/tokens.ts";
import { buildCommandLine, type CommandLine } from "../support/cli-process.ts";
import { snippetIn } from "../support/snippets.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const execute = promisify(execFile);
const COMMANDS = [
  ...["init", "token", "doctor", "migrate"],
  ...["publish", "history", "presence", "channels", "info", "unsubscribe", "disconnect", "trace", "load"],
  ...["connections", "block", "unblock", "top"],
];
const KEY = "the key of the test";

let cli: CommandLine;
let gateway: Workerd;

beforeAll(async () => {
  cli = await buildCommandLine();
  gateway = await startWorkerd({ vars: { ENVIRONMENT: "development", API_KEY: KEY } });
});
afterAll(async () => {
  await gateway.stop();
  await cli.delete();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(cli.folder, "run-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe("the command line", () => {
  test("CLI-01 CLI-02: the command is one file, and says what it can do", async () => {
    const folder = await newFolder();
    expect(await cli.run("poorwill --version", folder)).toEqual({
      status: 0,
      stdout: `${manifest.version}\n`,
      stderr: "",
    });
    const { stdout: help } = await cli.run("poorwill --help", folder);
    for (const command of COMMANDS) {
      expect(help).toContain(`  ${command} `);
      const { status, stdout } = await cli.run(`poorwill ${command} --help`, folder);
      expect(status).toBe(0);
      expect(stdout).toContain(`\n  $ poorwill ${command}`);
      expect(stdout).toContain("--json");
    }
  });

  test("CLI-02: nothing is called that Node 20 lacks", async () => {
    const newer =
      /\bURL\.parse\(|Promise\.(withResolvers|try)\(|Array\.fromAsync\(|\.groupBy\(|RegExp\.escape\(/;
    expect((await readFile("dist/bin/poorwill.js", "utf8")).match(newer)).toBeNull();
  });

  test.each([
    ["poorwill", "Usage"],
    ["poorwill fly", "unknown command 'fly'"],
    ["poorwill token", "required option '--user <id>' not specified"],
    ["poorwill token --user ann", "there is no .dev.vars or .env here"],
    ["poorwill token --user ann --ttl soon", "a whole number of seconds"],
    ["poorwill token --user ann --info '{'", "It is JSON"],
    ["poorwill doctor", "`poorwill init` writes one"],
    ["poorwill doctor /nowhere", "`poorwill init` writes one"],
    ["poorwill migrate nothing.json", "there is no nothing.json"],
    ["touch file && poorwill init file", "cannot be written"],
  ])("CLI-01: %s has the status 2, and says why", async (line, message) => {
    const { status, stdout, stderr } = await cli.run(line, await newFolder());
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });

  test.each(["ln -s /nowhere chat.ts", "touch public"])(
    "CLI-04: where one file cannot be written (%s), none is, and a second run begins anew",
    async (line) => {
      const folder = await newFolder();
      const { status, stderr } = await cli.run(`${line} && poorwill init .`, folder);
      expect([status, stderr]).toEqual([2, expect.stringContaining("cannot be written: EEXIST")]);
      expect(await readdir(folder)).not.toContain("wrangler.toml");
      const again = await cli.run("rm chat.ts public -f && poorwill init .", folder);
      expect(again.stdout).toContain("created wrangler.toml");
    },
  );

  test("CLI-03: what is to be run next can be copied, whatever the folder is called", async () => {
    const folder = await newFolder();
    const { stdout } = await cli.run(`poorwill init "it's one"`, folder);
    const enter = /^ {2}(cd .+)$/m.exec(stdout)?.[1] ?? "false";
    expect((await cli.run(`${enter} && ls worker.ts`, folder)).stdout).toBe("worker.ts\n");
  });

  test("CLI-05 CLI-15: files that an editor has marked as UTF-8 are read", async () => {
    const folder = await newFolder();
    await writeFile(join(folder, "package.json"), '\uFEFF{ "name": "mine" }');
    await writeFile(join(folder, "wrangler.jsonc"), '\uFEFF{ "main": "index.js" }');
    await writeFile(join(folder, "config.json"), '\uFEFF{ "client": { "insecure": true } }');
    expect((await cli.run("poorwill init .", folder)).stdout).toContain("added to package.json");
    expect((await cli.run("poorwill migrate config.json", folder)).stdout).toContain("insecure: true");
  });

  test("CLI-08: info is any JSON, null too", async () => {
    const folder = await newFolder();
    const line =
      "TOKEN_HMAC_SECRET=0123456789abcdef0123456789abcdef poorwill token --user ann --info null --json";
    expect(JSON.parse((await cli.run(line, folder)).stdout).claims).toMatchObject({ info: null });
  });

  test("CLI-07: secrets are new for each application, long enough, and for their owner only", async () => {
    const folder = await newFolder();
    await cli.run("poorwill init one && poorwill init two", folder);
    const secrets = await Promise.all(
      ["one", "two"].map((app) => readFile(join(folder, app, ".dev.vars"), "utf8")),
    );
    expect(secrets[0]).not.toBe(secrets[1]);
    for (const text of secrets)
      expect(text).toMatch(/^TOKEN_HMAC_SECRET="[\w-]{43}"\nAPI_KEY="[\w-]{43}"\n$/);
    expect((await stat(join(folder, "one/.dev.vars"))).mode & 0o077).toBe(0);
  });

  test("CLI-08: the token of a shell is one that the gateway takes", async () => {
    const folder = await newFolder();
    await cli.run("poorwill init .", folder);
    const secret =
      /TOKEN_HMAC_SECRET="(.+)"/.exec(await readFile(join(folder, ".dev.vars"), "utf8"))?.[1] ?? "";
    const { stdout } = await cli.run("poorwill token --user ann", folder);
    const verified = await createTokenVerifier({ hmacSecret: secret }).connection(stdout.trim());
    expect(verified).toMatchObject({ kind: "valid", claims: { user: "ann" } });
  });

  test("CLI-03: the package comes from where --package says", async () => {
    const folder = await newFolder();
    const dependency = async (options: string) => {
      await cli.run(`rm -rf app && poorwill init app ${options}`, folder);
      return JSON.parse(await readFile(join(folder, "app/package.json"), "utf8")).dependencies.poorwill;
    };
    await writeFile(join(folder, "poorwill.tgz"), "");
    expect(await dependency("")).toBe(`^${manifest.version}`);
    expect(await dependency("--package poorwill.tgz")).toBe("file:../poorwill.tgz");
    expect(await dependency("--package github:poorwill/poorwill")).toBe("github:poorwill/poorwill");
  });

  test("CLI-10: a fault sets the status 1, and --json prints one value", async () => {
    const folder = await newFolder();
    const init = await cli.run("poorwill init . --json", folder);
    expect(JSON.parse(init.stdout)).toMatchObject({ todo: [], next: ["npm install", "npm run dev"] });
    expect(init.stdout).not.toContain("TOKEN_HMAC_SECRET=");
    const well = await cli.run("poorwill doctor --json", folder);
    expect([well.status, JSON.parse(well.stdout).findings.length]).toEqual([0, 23]);
    await writeFile(join(folder, "worker.ts"), "export default {};");
    const ill = await cli.run("poorwill doctor . --json", folder);
    expect(ill.status).toBe(1);
    expect(JSON.parse(ill.stdout).findings).toContainEqual(
      expect.objectContaining({ status: "wrong", about: "class Room" }),
    );
  });

  test("CLI-14: `npm create poorwill` needs its own tarball only, and writes the same", async () => {
    const folder = await newFolder();
    const { stdout } = await execute("npm", [
      "pack",
      "--pack-destination",
      folder,
      resolve("create-poorwill"),
    ]);
    await cli.run(
      `tar -xzf ${stdout.trim()} && node package/dist/create-poorwill.js made && poorwill init app`,
      folder,
    );
    const files = await readdir(join(folder, "app"), { recursive: true });
    expect(await readdir(join(folder, "made"), { recursive: true })).toEqual(files);
    for (const file of ["worker.ts", "chat.ts", "tsconfig.json", "public/index.html"]) {
      const [made, app] = await Promise.all(
        ["made", "app"].map((name) => readFile(join(folder, name, file), "utf8")),
      );
      expect(made?.replaceAll("made", "app")).toBe(app);
    }
    const create = JSON.parse(await readFile("create-poorwill/package.json", "utf8"));
    expect(create.version).toBe(manifest.version);
    expect((await cli.run("node package/dist/create-poorwill.js --help", folder)).stdout).toContain(
      "$ npm create poorwill my-app",
    );
  });

  test("CLI-30: doctor --live says that the directory is off", async () => {
    const line = `POORWILL_API_KEY='${KEY}' poorwill doctor --live --url ${gateway.url}`;
    const { status, stdout } = await cli.run(line, cli.folder);
    expect([status, stdout]).toEqual([1, expect.stringContaining("✗ directory: is off")]);
  });

  test("CLI-19: the guide shows what the commands print", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "shop/src"), { recursive: true });
    await writeFile(
      join(folder, "shop/wrangler.toml"),
      'name = "shop"\nmain = "src/index.ts"\ncompatibility_date = "2026-01-01"\n',
    );
    await writeFile(join(folder, "shop/src/index.ts"), "export default {};");
    await writeFile(join(folder, "shop/package.json"), "{}");
    const config = JSON.parse(
      snippetIn(await readFile("docs/from-centrifugo.md", "utf8"), "json centrifugo"),
    );
    config.channel.namespaces[1].delta_publish = true;
    await mkdir(join(folder, "my-app"));
    await writeFile(join(folder, "my-app/config.json"), JSON.stringify(config));

    await writeFile(join(folder, "my-app/key.txt"), KEY);

    const guide = await readFile("docs/cli.md", "utf8");
    const runs = runsOf(guide.replaceAll("http://localhost:8080", gateway.url));
    expect(runs.length).toBeGreaterThan(8);
    let cwd = folder;
    for (const { command, output } of runs) {
      const { stdout, stderr } = await cli.run(command, cwd);
      // Progress is shown as long as it takes.
      const shown = command.startsWith("poorwill load") ? stdout : stdout + stderr;
      expect(`$ ${command}\n${shown}`).toMatch(patternOf(`$ ${command}\n${output}`));
      if (command.startsWith("cd ")) cwd = join(cwd, command.slice("cd ".length));
    }
  });
});

/** The commands of a guide, each with what it prints. */
function runsOf(guide: string): { readonly command: string; readonly output: string }[] {
  const blocks = [...guide.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((run) => {
        const [command = "", ...lines] = run.split("\n");
        return { command: command.replace("npx ", ""), output: lines.join("\n") };
      }),
  );
}

/** `…` stands for what differs each time. */
function patternOf(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`);
}
