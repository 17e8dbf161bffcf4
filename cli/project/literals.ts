import { type Expression, parseExpressionAt, tokenizer } from "acorn";

/** What stands for code in a value that was read: a function, or anything else that has to run to be known. */
export const CODE: unique symbol = Symbol("code");

const SYNTAX = { ecmaVersion: "latest", sourceType: "module" } as const;
const OPENING = new Set(["{", "[", "(", "${"]);
const CLOSING = new Set(["}", "]", ")"]);

/**
 * The value of the expression that a source begins with, where it is made of literals; what is computed in it is `CODE`.
 * Undefined where it is not JavaScript, such as a function with types in it.
 */
export function literalAtStart(source: string): unknown {
  try {
    return literalOf(parseExpressionAt(source.slice(0, endOfExpression(source)), 0, SYNTAX));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The members of an object, as source. */
export interface Members {
  /** By name, what stands behind the colon, with all that follows it; a shorthand is its own name. */
  readonly sources: ReadonlyMap<string, string>;
  /** There may be more: a spread, or a name that is computed. */
  readonly isOpen: boolean;
}

/** The members of the object that a source begins with; undefined where it begins with anything else, or cannot be read. */
export function membersAtStart(source: string): Members | undefined {
  const sources = new Map<string, string>();
  let isOpen = false;
  let depth = 0;
  let before = "";
  let name: string | undefined;
  try {
    for (const { type, start, end } of tokenizer(source, SYNTAX)) {
      const { label } = type;
      if (depth === 0 && label !== "{") return undefined;
      if (depth === 1) {
        const isFirst = before === "{" || before === ",";
        if (isFirst && (label === "..." || label === "[")) isOpen = true;
        if (name !== undefined) sources.set(name, label === ":" ? source.slice(end) : `${name},`);
        name =
          isFirst && (label === "name" || label === "string")
            ? source.slice(start, end).replaceAll(/["']/g, "")
            : undefined;
      }
      if (OPENING.has(label)) depth += 1;
      if (CLOSING.has(label)) depth -= 1;
      if (depth === 0) return { sources, isOpen };
      before = label;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

/** Where the expression ends at the latest: a comma would be read as part of it. */
function endOfExpression(source: string): number {
  let depth = 0;
  for (const { type, start } of tokenizer(source, SYNTAX)) {
    if (depth === 0 && (CLOSING.has(type.label) || type.label === "," || type.label === ";")) return start;
    if (OPENING.has(type.label)) depth += 1;
    if (CLOSING.has(type.label)) depth -= 1;
  }
  return source.length;
}

function literalOf(node: Expression): unknown {
  switch (node.type) {
    case "Literal":
      return node.value;
    case "TemplateLiteral":
      return node.expressions.length === 0 ? node.quasis[0]?.value.cooked : CODE;
    case "UnaryExpression":
      return negated(node.operator, literalOf(node.argument));
    case "BinaryExpression":
      return product(node.operator, node.left, node.right);
    case "ArrayExpression":
      return node.elements.map((element) =>
        element === null || element.type === "SpreadElement" ? CODE : literalOf(element),
      );
    case "ObjectExpression":
      return Object.fromEntries(node.properties.map(memberOf));
    default:
      return CODE;
  }
}

type ObjectExpression = Extract<Expression, { type: "ObjectExpression" }>;

function memberOf(property: ObjectExpression["properties"][number]): [string | typeof CODE, unknown] {
  if (property.type === "SpreadElement" || property.computed) return [CODE, CODE];
  const name =
    property.key.type === "Identifier" ? property.key.name : String(literalOf(property.key as Expression));
  return [name, literalOf(property.value)];
}

/** `-1` */
function negated(operator: string, value: unknown): unknown {
  return operator === "-" && typeof value === "number" ? -value : CODE;
}

/** `30 * 24 * 3600` */
function product(
  operator: string,
  left: Expression | { type: "PrivateIdentifier" },
  right: Expression,
): unknown {
  if (left.type === "PrivateIdentifier") return CODE;
  const [one, other] = [literalOf(left), literalOf(right)];
  return operator === "*" && typeof one === "number" && typeof other === "number" ? one * other : CODE;
}
