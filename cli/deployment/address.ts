import { UsageError } from "../usage-error.ts";

/**
 * The address of a gateway without a `/` at its end, such as `https://realtime.example.com`.
 *
 * @throws UsageError for one that a key must not go to: over plain HTTP it is read on its way.
 */
export function readAddress(text: string, isInsecureFine = false): string {
  const url = parsed(text);
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`${text} is no address: write it as https://realtime.example.com`);
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new UsageError("an address of a gateway has no user, no password, no ? and no #");
  }
  if (url.protocol === "http:" && !isThisMachine(url) && !isInsecureFine) {
    throw new UsageError(
      `${text} is not encrypted, and keys could be read on their way (--insecure allows it)`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Whether an address is one of the machine that asks. */
export function isThisMachine({ hostname }: URL): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
