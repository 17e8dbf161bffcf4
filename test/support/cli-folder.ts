import { planInit } from "../../cli/init/init.ts";
import type { InitRequest, Plan } from "../../cli/init/plan.ts";
import type { ReadFile } from "../../cli/project/find-wrangler.ts";

/** Texts by path: a folder in memory. */
export type Files = Readonly<Record<string, string>>;

export const REQUEST: InitRequest = {
  name: "my-app",
  dependency: "^1.2.3",
  secrets: { TOKEN_HMAC_SECRET: "a secret of the test, long enough.", API_KEY: "a key of the test" },
};

export function reader(files: Files): ReadFile {
  return (path) => (Object.hasOwn(files, path) ? files[path] : undefined);
}

/** What `init` makes of a folder. */
export function initialized(files: Files): { readonly files: Files; readonly plan: Plan } {
  const plan = planInit(reader(files), REQUEST);
  const written = Object.fromEntries(plan.changes.map(({ path, text }) => [path, text]));
  return { files: { ...files, ...written }, plan };
}

/** An application as `init` writes it, with some of its files changed. */
export function application(change: (files: Files) => Files = (files) => files): Files {
  const { files } = initialized({});
  return { ...files, ...change(files) };
}
