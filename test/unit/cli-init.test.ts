import { readFileSync } from "node:fs";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { diagnose } from "../../cli/doctor/diagnose.ts";
import { readDevVars } from "../../cli/project/dev-vars.ts";
import { isIgnored } from "../../cli/project/git-ignore.ts";
import { readProject } from "../../cli/project/read-project.ts";
import { parseWrangler } from "../../cli/project/wrangler-config.ts";
import { COMPATIBILITY_DATE, FLAGS } from "../../cli/requirements.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { AS_SHIPPED } from "../support/as-shipped.ts";
import { type Files, initialized, REQUEST, reader } from "../support/cli-folder.ts";

const TOML = `# mine
name = "old"
main = "src/index.ts"
compatibility_date = "2025-01-01" # my date

[[durable_objects.bindings]]
name = "COUNTER"
class_name = "Counter"

[[migrations]]
tag = "poorwill-v1"
new_sqlite_classes = ["Counter"]

[[ratelimits]]
name = "MINE"
namespace_id = "1001"
simple = { limit = 1, period = 10 }

[env.staging]
name = "old-staging"`;
const JSONC = `{
\t// mine
\t"name": "old",
\t"main": "src/index.ts",
\t"migrations": [{ "tag": "v1", "new_sqlite_classes": ["Counter"] }], // counters
\t"vars": { "WORD": "kept" }
}
`;
const WORKER = "export class Counter {}\nexport default { fetch() {} };\n";

describe("poorwill init", () => {
  test("CLI-03: an empty folder becomes an application, with what its gateway needs", () => {
    const { files, plan } = initialized({});
    expect(plan.changes.every(({ kind }) => kind === "created")).toBe(true);
    expect(plan.todo).toEqual([]);
    expect(plan.next).toEqual(["npm install", "npm run dev"]);
    expect(Object.keys(files).sort()).toEqual([
      ".dev.vars",
      ".gitignore",
      "chat.ts",
      "package.json",
      "public/index.html",
      "tsconfig.json",
      "worker.ts",
      "wrangler.toml",
    ]);
    expect(parseJsonc(files["package.json"] ?? "")).toMatchObject({
      name: "my-app",
      dependencies: { poorwill: "^1.2.3" },
    });
    expect(files[".dev.vars"]).toContain(REQUEST.secrets.TOKEN_HMAC_SECRET);
    expect(files[".gitignore"]).toContain(".dev.vars");
  });

  test("CLI-03: it writes the date and the flags that the gateway is tested with", () => {
    const shipped = parseWrangler("wrangler.toml", readFileSync(AS_SHIPPED, "utf8"));
    expect(shipped.compatibility_date).toBe(COMPATIBILITY_DATE);
    expect([...(shipped.compatibility_flags ?? [])].sort()).toEqual(FLAGS.map(({ flag }) => flag).sort());
  });

  test.each<[string, Files]>([
    ["an empty folder", {}],
    ["a package", { "package.json": '{ "name": "mine", "scripts": { "dev": "mine" } }' }],
    ["wrangler.toml", { "wrangler.toml": TOML, "src/index.ts": WORKER }],
    [
      "wrangler.jsonc",
      { "wrangler.jsonc": JSONC, "src/index.ts": WORKER, "package.json": '{\n    "name": "mine"\n}\n' },
    ],
    [
      "wrangler.json",
      { "wrangler.json": '{"name":"old","main":"index.js"}', "index.js": WORKER, ".dev.vars": "MINE=1" },
    ],
  ])("CLI-04: of %s nothing is lost, and a second run changes nothing", (_, before) => {
    const { files, plan } = initialized(before);
    for (const { path, kind } of plan.changes) expect(kind === "created").toBe(before[path] === undefined);
    for (const [path, text] of Object.entries(before)) {
      const after = files[path] ?? "";
      expect(
        /\.jsonc?$/.test(path) ? holds(parseJsonc(after), parseJsonc(text)) : after.startsWith(text),
      ).toBe(true);
    }
    const second = initialized(files);
    expect(second.plan.changes).toEqual([]);
    expect(second.files).toEqual(files);
  });

  test("CLI-04: a package.json that is not JSON is not touched", () => {
    expect(() => initialized({ "package.json": '{ "name": "mine", }}' })).toThrow("package.json is not JSON");
  });

  test.each<[string, Files]>([
    ["package.json: scripts", { "package.json": '{ "scripts": ["dev"] }' }],
    ["package.json: scripts", { "package.json": "[]" }],
    ["wrangler.jsonc: durable_objects", { "wrangler.jsonc": "[]" }],
    ["wrangler.json: durable_objects", { "wrangler.json": '{ "durable_objects": [] }' }],
  ])("CLI-04: %s of another form is not touched, and named: %j", (place, files) => {
    expect(() => initialized(files)).toThrow(UsageError);
    expect(() => initialized(files)).toThrow(place);
  });

  test("CLI-04: a package that is there runs as before: what `type` says of its files stays, and so do its scripts", () => {
    const { files, plan } = initialized({
      "package.json": '{ "name": "mine", "scripts": { "dev": "node index.js" } }',
    });
    const after = parseJsonc(files["package.json"] ?? "") as object;
    expect(after).toMatchObject({ name: "mine", scripts: { dev: "node index.js" } });
    expect(after).not.toHaveProperty("type");
    expect(after).not.toHaveProperty("private");
    expect(plan.todo).toContainEqual(
      expect.stringContaining("npx wrangler dev --var ENVIRONMENT:development"),
    );
  });

  test("CLI-04: where variables are in .env, wrangler goes on reading them", () => {
    const before = {
      "wrangler.toml": TOML,
      "src/index.ts": WORKER,
      ".env": "MINE=1\n",
      ".gitignore": ".env\n",
    };
    const { files } = initialized(before);
    expect(files).not.toHaveProperty([".dev.vars"]);
    expect(files[".env"]).toBe(before[".env"]);
    expect(readDevVars(reader(files), undefined)?.values).toEqual({ MINE: "1", ...REQUEST.secrets });
    expect(isIgnored(files[".gitignore"], ".env.local")).toBe(true);
    expect(initialized(files).plan.changes).toEqual([]);
  });

  test("CLI-05: wrangler.toml is added to at its end, without clashes", () => {
    const { files, plan } = initialized({ "wrangler.toml": TOML, "src/index.ts": WORKER });
    expect(parseToml(files["wrangler.toml"] ?? "")).toMatchObject({
      durable_objects: { bindings: ["COUNTER", "ROOM", "HUB", "DIRECTORY"].map((name) => ({ name })) },
      migrations: [
        { tag: "poorwill-v1" },
        { tag: "poorwill-v2", new_sqlite_classes: ["Room", "Hub", "Directory"] },
      ],
      ratelimits: ["1001", "1002", "1003"].map((namespace_id) => ({ namespace_id })),
    });
    expect(plan.changes.find(({ path }) => path === "wrangler.toml")?.says).toBe(
      "durable_objects.bindings, migrations, ratelimits",
    );
    expect(plan.todo).toContainEqual(expect.stringContaining("[env.staging]"));
  });

  test("CLI-05: wrangler.jsonc keeps its comments", () => {
    const { files } = initialized({ "wrangler.jsonc": JSONC, "src/index.ts": WORKER });
    const text = files["wrangler.jsonc"] ?? "";
    expect(text).toContain("// mine");
    expect(text).toContain("// counters");
    expect(text).toContain('\n\t"durable_objects": {');
    expect(parseWrangler("wrangler.jsonc", text).migrations).toHaveLength(2);
  });

  test("CLI-05: a list of TOML that cannot be added to is left to the person, with the lines", () => {
    const text = `${TOML.split("[[durable")[0]}\n[durable_objects]\nbindings = [{ name = "COUNTER", class_name = "Counter" }]\n`;
    const { files, plan } = initialized({ "wrangler.toml": text, "src/index.ts": WORKER });
    expect(
      parseWrangler("wrangler.toml", files["wrangler.toml"] ?? "").durable_objects?.bindings,
    ).toHaveLength(1);
    const left = "wrangler.toml, into durable_objects.bindings: ";
    const items = plan.todo.find((line) => line.startsWith(left))?.slice(left.length);
    expect(items).toMatch(/^\{ name = "ROOM", class_name = "Room" \}, /);
    const toml = files["wrangler.toml"]?.replace('Counter" }', `Counter" }, ${items}`) ?? "";
    const second = initialized({ ...files, "wrangler.toml": toml });
    expect(second.plan.changes).toEqual([]);
    expect(second.plan.todo.join("\n")).not.toContain("durable_objects");
  });

  test("CLI-05: a binding or a class of the same name is left alone, and named", () => {
    const bindings = [
      { name: "ROOM", class_name: "Mine" },
      { name: "MINE", class_name: "Hub" },
    ];
    const wrangler = JSON.stringify({ main: "index.ts", durable_objects: { bindings } });
    const { files, plan } = initialized({ "wrangler.json": wrangler, "index.ts": WORKER });
    const config = parseWrangler("wrangler.json", files["wrangler.json"] ?? "");
    expect(config.durable_objects?.bindings).toEqual([
      ...bindings,
      { name: "DIRECTORY", class_name: "Directory" },
    ]);
    expect(config.migrations).toMatchObject([{ new_sqlite_classes: ["Directory"] }]);
    expect(plan.todo).toContainEqual(expect.stringContaining("the binding ROOM is Mine of yours"));
    expect(plan.todo).toContainEqual(expect.stringContaining("the class Hub is yours, bound as MINE"));
  });

  test("CLI-06: what changes the Worker that is there is named, and not done", () => {
    const before = { "wrangler.toml": TOML, "src/index.ts": WORKER };
    const { files, plan } = initialized(before);
    expect(files["src/index.ts"]).toBe(WORKER);
    expect(plan.changes.map(({ path }) => path)).toContain("src/realtime/gateway.ts");
    // TypeScript takes no such ending by default.
    expect(files["src/realtime/gateway.ts"] + plan.todo.join("\n")).not.toMatch(/"\.\/.*\.ts"/);
    for (const expected of [
      "export { Room, Hub, Directory, Api, Outgoing }",
      "gateway.fetch(request, env, ctx)",
      COMPATIBILITY_DATE,
      ...FLAGS.map(({ flag }) => flag),
      "wrangler.toml, at its top: keep_names = false",
    ]) {
      expect(plan.todo.join("\n")).toContain(expected);
    }
  });

  test("CLI-06: who does what is named has nothing left to do, and a gateway in which nothing is wrong", () => {
    const { files } = initialized({ "wrangler.toml": TOML, "src/index.ts": WORKER });
    const done = {
      ...files,
      "wrangler.toml": (files["wrangler.toml"] ?? "")
        .replace(
          '"2025-01-01"',
          `"${COMPATIBILITY_DATE}"\nkeep_names = false\ncompatibility_flags = ${JSON.stringify(FLAGS.map(({ flag }) => flag))}`,
        )
        .replace(/\n\[env.staging\]\nname = "old-staging"/, ""),
      "src/index.ts": `import { gateway } from "./realtime/gateway.ts";
export { Room, Hub, Directory, Api, Outgoing } from "./realtime/gateway.ts";
export class Counter {}
export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname.startsWith("/realtime/")) return gateway.fetch(request, env, ctx);
  },
};
`,
    };
    expect(initialized(done).plan).toMatchObject({ changes: [], todo: [] });
    const faults = diagnose(readProject(reader(done), undefined)).filter(({ status }) => status !== "right");
    expect(faults).toEqual([]);
  });

  test("CLI-06: a gateway that the Worker makes itself is all that there is", () => {
    const { files } = initialized({});
    const { plan } = initialized({
      ...files,
      "wrangler.toml": (files["wrangler.toml"] ?? "").split("[[ratelimits]]")[0] ?? "",
    });
    expect(plan.changes.map(({ path }) => path)).toEqual(["wrangler.toml"]);
    expect(plan.todo).toEqual([]);
  });
});

/** Whether a value has everything of another one; lists have it first. */
function holds(after: unknown, before: unknown): boolean {
  if (typeof before !== "object" || before === null) return after === before;
  if (typeof after !== "object" || after === null) return false;
  return Object.entries(before).every(([key, value]) => holds(Reflect.get(after, key), value));
}
