/** The WebSocket close codes of RFC 6455 section 7.4 and of the IANA registry, in words. */

interface CodeMeaning {
  readonly name: string;
  readonly meaning: string;
}

const REGISTERED: ReadonlyMap<number, CodeMeaning> = new Map([
  [1000, { name: "normal closure", meaning: "The purpose of the connection is fulfilled." }],
  [1001, { name: "going away", meaning: "An end leaves: the server goes down, or the page is left." }],
  [1002, { name: "protocol error", meaning: "An end broke the rules of the protocol." }],
  [1003, { name: "unsupported data", meaning: "An end got a type of data that it cannot take." }],
  [1004, { name: "reserved", meaning: "No meaning is defined yet." }],
  [1005, { name: "no status received", meaning: "The close frame came without a code." }],
  [
    1006,
    { name: "abnormal closure", meaning: "The connection ended, or never began, without a close frame." },
  ],
  [
    1007,
    { name: "invalid payload", meaning: "A message did not fit its type, such as text that is not UTF-8." },
  ],
  [1008, { name: "policy violation", meaning: "A message broke a policy of the other end." }],
  [1009, { name: "message too big", meaning: "A message is larger than the other end takes." }],
  [
    1010,
    { name: "extension missing", meaning: "The server did not agree to an extension that the client needs." },
  ],
  [1011, { name: "internal error", meaning: "The server met a condition that it did not expect." }],
  [1012, { name: "service restart", meaning: "The server restarts. Come back after a moment." }],
  [1013, { name: "try again later", meaning: "The server is overloaded. Come back after a while." }],
  [1014, { name: "bad gateway", meaning: "A gateway got an invalid answer from the server behind it." }],
  [1015, { name: "TLS failure", meaning: "The TLS handshake failed. Never sent in a frame." }],
]);

const RANGES: readonly (CodeMeaning & { readonly from: number; readonly to: number })[] = [
  { from: 0, to: 999, name: "not used", meaning: "Codes below 1000 are not used." },
  { from: 1016, to: 2999, name: "reserved", meaning: "Kept for the WebSocket protocol and its extensions." },
  {
    from: 3000,
    to: 3999,
    name: "registered",
    meaning: "For libraries and frameworks, registered with IANA.",
  },
  {
    from: 4000,
    to: 4999,
    name: "private use",
    meaning: "For the application: both ends agree on what it means.",
  },
];

const UNKNOWN: CodeMeaning = { name: "invalid", meaning: "Not a close code." };
const REASON_BYTES = 123;

/**
 * Says what a close code means.
 *
 * @example describeCloseCode(1001).name; // "going away"
 */
export function describeCloseCode(code: number): CodeMeaning {
  return REGISTERED.get(code) ?? RANGES.find(({ from, to }) => code >= from && code <= to) ?? UNKNOWN;
}

/** Why a browser refuses to close with this code and reason, or nothing when it does not. */
export function findCloseProblem(code: number | undefined, reason: string): string | undefined {
  if (code === undefined) return reason === "" ? undefined : "A reason needs a code.";
  if (code !== 1000 && !(Number.isInteger(code) && code >= 3000 && code <= 4999)) {
    return "A browser may send 1000 and 3000 to 4999 only.";
  }
  const bytes = new TextEncoder().encode(reason).length;
  return bytes > REASON_BYTES ? `The reason has ${bytes} bytes, ${REASON_BYTES} fit.` : undefined;
}
