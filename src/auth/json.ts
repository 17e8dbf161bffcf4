const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses JSON in UTF-8; throws for anything else. */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}
