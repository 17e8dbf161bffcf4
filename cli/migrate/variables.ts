import { defined } from "../../src/shared/defined.ts";
import type { Source } from "./source.ts";

/** What goes into the environment of the Worker. */
export interface Variable {
  readonly name: string;
  /** Where the Centrifugo configuration has it. */
  readonly from: string;
  /** A secret is never printed. */
  readonly isSecret: boolean;
  readonly value: string;
}

/** What is neither a key of tokens nor a setting. */
export function readVariables(source: Source): readonly Variable[] {
  const key = source.text("http_api.key");
  const origins = source.texts("client.allowed_origins") ?? [];
  return [
    ...(key === undefined ? [] : [{ name: "API_KEY", from: "http_api.key", isSecret: true, value: key }]),
    ...(origins.length === 0
      ? []
      : [
          {
            name: "ALLOWED_ORIGINS",
            from: "client.allowed_origins",
            isSecret: false,
            value: origins.join(", "),
          },
        ]),
  ];
}

/** The variables as the gateway gets them. */
export function bindingsOf(variables: readonly Variable[]): Readonly<Record<string, string>> {
  return defined<Record<string, string>>(
    Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  );
}
