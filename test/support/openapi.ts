import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

export type Schema = Readonly<Record<string, unknown>>;

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly requestBody: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export interface OpenApiDocument extends Schema {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/**
 * Compiles schemas that may refer to the components of a document. Strict: a keyword that means nothing, or is misspelt, is
 * an error.
 */
export function compilerFor({ components }: OpenApiDocument): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictTypes: false });
  ajv.addVocabulary(["components"]);
  return (schema) => ajv.compile({ ...schema, components });
}

/** What a method is asked with, or answers with status 200. */
export function schemaOf({ paths }: OpenApiDocument, method: string, side: "request" | "response"): Schema {
  const operation = paths[`/api/${method}`]?.post;
  const body = side === "request" ? operation?.requestBody : operation?.responses[200];
  const schema = body?.content["application/json"]?.schema;
  if (schema === undefined) throw new Error(`the document says nothing of the ${side} of ${method}`);
  return schema;
}
