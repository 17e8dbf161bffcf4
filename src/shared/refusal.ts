import type { CloseDefinition, ProtocolError } from "./codes.ts";

/** Why something is not done: the client is answered with an error, or its connection ends. */
export type Refusal = Failure | { readonly kind: "disconnect"; readonly disconnect: CloseDefinition };

export interface Failure {
  readonly kind: "error";
  readonly error: ProtocolError;
}

export function failWith(error: ProtocolError): Failure {
  return { kind: "error", error };
}

export function closeWith(disconnect: CloseDefinition): Refusal {
  return { kind: "disconnect", disconnect };
}
