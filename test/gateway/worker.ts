/** The gateway as it ships. */
import "./own.ts";

export * from "../../src/index.ts";
export { default } from "../../src/index.ts";
