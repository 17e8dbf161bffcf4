/** The gateway as it is, with a directory. */
import { config } from "../../gateway/own.ts";

export * from "../../../src/index.ts";
export { default } from "../../../src/index.ts";

Object.assign(config, { operations: { directory: true } });
