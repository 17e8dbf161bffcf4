import type { OverviewSnapshot } from "../../../src/overview/messages.ts";
import { ERRORS } from "../../../src/shared/codes.ts";
import { VERSION } from "../../../src/shared/version.ts";
import { callApi, PATIENCE_MS, whyUnreached } from "../../api/client.ts";
import { wordsOf } from "../../api/failure-words.ts";
import type { Target } from "../../deployment/target.ts";
import { Failure } from "../../failure.ts";
import { advice, type Finding, wrong } from "../finding.ts";
import { diagnoseLive } from "./diagnose-live.ts";
import { parseMetrics, type Sample } from "./samples.ts";

/** Asks a gateway that runs, and says what is right and wrong. No hub is woken: they have reported to the directory. */
export async function askLive(target: Target): Promise<Finding[]> {
  const samples = await readMetrics(target);
  if (samples === undefined) {
    const mend = "operations: { directory: true } in the configuration, and a binding DIRECTORY";
    return [wrong("directory", "is off: nobody knows what the hubs do", mend)];
  }
  const { body } = await callApi<OverviewSnapshot>(target, "overview", "{}");
  const overview = "error" in body ? undefined : body.result;
  return [
    ...diagnoseLive({ version: VERSION, samples, overview }),
    ...("error" in body ? [whyNoOverview(body.error.code, wordsOf(body.error))] : []),
  ];
}

const NO_METRICS =
  'error 401: the gateway does not know this key, or it may not read metrics ("metrics" in its methods)';

/** Undefined where the directory is off. */
async function readMetrics({ url, key }: Target): Promise<Sample[] | undefined> {
  const headers = key === undefined ? {} : { "X-API-Key": key };
  try {
    const response = await fetch(`${url}/metrics`, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const samples = response.ok ? parseMetrics(text) : [];
    if (samples.some(({ name }) => name === "centrifugo_node_build")) return samples;
    if (text.includes('"no_directory"')) return undefined;
    if (response.status === 401) throw new Failure(NO_METRICS);
    const status = response.ok ? "" : `error ${response.status}: `;
    throw new Failure(`${status}${url}/metrics is not that of a gateway`);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(whyUnreached(url, error));
  }
}

/** Without the right `observe`, and at a gateway that is older, the sums still tell most of it. */
function whyNoOverview(code: number | undefined, words: string): Finding {
  if (code !== ERRORS.permissionDenied.code) return advice("overview", words);
  return advice(
    "key",
    "has not the right observe, so that single hubs are not looked at",
    'name "observe" in the methods of the key',
  );
}
