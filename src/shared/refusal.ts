import type { CloseDefinition, ProtocolError } from "./codes.ts";

/** Why something is not done: the client is answered with an error, or its connection ends. */
export type Refusal =
  | { readonly kind: "error"; readonly error: ProtocolError }
  | { readonly kind: "disconnect"; readonly disconnect: CloseDefinition };

export function failWith(error: ProtocolError): Refusal {
  return { kind: "error", error };
}

export function closeWith(disconnect: CloseDefinition): Refusal {
  return { kind: "disconnect", disconnect };
}
