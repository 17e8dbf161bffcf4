/** The gateway as it is, with a directory. */
import { config } from "../../gateway/own.ts";

export * from "../../../src/worker.ts";
export { default } from "../../../src/worker.ts";

Object.assign(config, { operations: { directory: true } });
