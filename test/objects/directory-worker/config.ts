/** Turns the directory on, before the gateway is made of the configuration. */
import { config } from "../../gateway/own.ts";

Object.assign(config, { operations: { directory: true } });
