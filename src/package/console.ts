/** `poorwill/console`: the page to try a gateway with. Its files are in the code, so it needs no assets. */
import { pageFiles } from "poorwill:page-files";
import type { Fetch, ServePage } from "../deployment/options.ts";
import { serveFiles, serveMissing } from "./serve-files.ts";

export type { Fetch, ServePage };

/**
 * Serves the page: the option `console` of `createGateway`. It asks nobody who they are, as the gateway does not: leave it
 * out where nobody should see it.
 *
 * @returns Undefined for anything but a GET or HEAD of one of its files.
 * @example
 * const gateway = createGateway({ path: "/realtime", console: servePage }); // at /realtime/
 */
export const servePage: ServePage = serveFiles(pageFiles);

/**
 * Answers every request with status 404 and a page that says so: the option `fallback` of a gateway that is all that its
 * Worker has.
 *
 * @example
 * const gateway = createGateway({ console: servePage, fallback: serveNotFound });
 */
export const serveNotFound: Fetch = serveMissing(pageFiles);
