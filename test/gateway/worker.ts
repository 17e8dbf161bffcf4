/** The gateway as it ships. */
import "./own.ts";

export * from "../../src/worker.ts";
export { default } from "../../src/worker.ts";
