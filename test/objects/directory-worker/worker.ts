/** The gateway as it is, with a directory. */
import "../../gateway/own.ts";
import "./config.ts";

export * from "../../../src/worker.ts";
export { default } from "../../../src/worker.ts";
