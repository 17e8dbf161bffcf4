import type * as v from "valibot";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A part of a valibot schema, as far as it is read here: a schema, or an action in a pipe. */
interface Part {
  readonly kind: string;
  readonly type: string;
  readonly requirement?: unknown;
  readonly wrapped?: Part;
  readonly default?: unknown;
  readonly entries?: Readonly<Record<string, Part>>;
  readonly item?: Part;
  readonly options?: readonly Part[];
  readonly literal?: unknown;
  readonly pipe?: readonly Part[];
  readonly metadata?: { readonly jsonSchema?: JsonSchema };
}

/** What an action in a pipe adds. Actions that are not listed check what JSON Schema cannot express. */
const KEYWORDS: Readonly<Record<string, (requirement: unknown) => JsonSchema>> = {
  safe_integer: () => ({ type: "integer", maximum: Number.MAX_SAFE_INTEGER }),
  min_value: (minimum) => ({ minimum }),
  max_value: (maximum) => ({ maximum }),
  non_empty: () => ({ minLength: 1 }),
};

/**
 * The JSON Schema (2020-12) of the input of a valibot schema. Knows the kinds of schema that the server API uses.
 *
 * @throws Error for a kind that it does not know.
 */
export function toJsonSchema(schema: v.GenericSchema): JsonSchema {
  return convert(schema as unknown as Part);
}

function convert(part: Part): JsonSchema {
  return part.pipe ? convertPipe(part.pipe) : convertPlain(part);
}

function convertPipe([first, ...rest]: readonly Part[]): JsonSchema {
  const described = rest.find(({ metadata }) => metadata?.jsonSchema !== undefined)?.metadata?.jsonSchema;
  const inner = rest.find(({ kind }) => kind === "schema");
  const base = inner ? convert(inner) : first && first.type !== "custom" ? convert(first) : {};
  return Object.assign({}, base, ...rest.map((action) => keywordOf(action, base)), described);
}

function keywordOf({ type, requirement }: Part, base: JsonSchema): JsonSchema {
  if (type === "min_length" || type === "max_length") {
    const unit = base.type === "array" ? "Items" : "Length";
    return { [`${type.slice(0, 3)}${unit}`]: requirement };
  }
  return KEYWORDS[type]?.(requirement) ?? {};
}

function convertPlain(part: Part): JsonSchema {
  switch (part.type) {
    case "string":
    case "boolean":
    case "number":
      return { type: part.type };
    case "literal":
      return { const: part.literal };
    case "unknown":
      return {};
    case "array":
      return { type: "array", items: convertMaybe(part.item) };
    case "union":
      return { anyOf: part.options?.map(convert) };
    case "object":
      return convertObject(part.entries ?? {});
    case "optional":
      return { ...convertMaybe(part.wrapped), ...defaultOf(part) };
    case "nullish":
      return { ...orNull(convertMaybe(part.wrapped)), ...defaultOf(part) };
    default:
      throw new Error(`there is no JSON Schema for a valibot schema of type ${part.type}`);
  }
}

function defaultOf(part: Part): JsonSchema {
  return part.default === undefined ? {} : { default: part.default };
}

/** A schema that accepts null too. One without a type does so already. */
function orNull(schema: JsonSchema): JsonSchema {
  return schema.type === undefined ? schema : { ...schema, type: [schema.type, "null"] };
}

function convertMaybe(part: Part | undefined): JsonSchema {
  return part ? convert(part) : {};
}

function convertObject(entries: Readonly<Record<string, Part>>): JsonSchema {
  const properties = Object.entries(entries).map(([key, entry]) => [key, convert(entry)] as const);
  const required = Object.entries(entries)
    .filter(([, { type }]) => type !== "optional" && type !== "nullish")
    .map(([key]) => key);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
  };
}
