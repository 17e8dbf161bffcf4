import { durationSeconds } from "./duration.ts";

/** A part of a configuration that nobody has read, or that could not be used. */
export interface Leftover {
  /** Such as `channel.namespaces[0].delta_publish`. */
  readonly key: string;
  readonly why?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A Centrifugo configuration that knows which of its parts were read, so that none is lost unseen. */
export class Source {
  readonly #root: unknown;
  readonly #path: string;
  readonly #read: Set<string>;
  readonly #unusable: Leftover[];

  constructor(root: unknown, path = "", read = new Set<string>(), unusable: Leftover[] = []) {
    this.#root = root;
    this.#path = path;
    this.#read = read;
    this.#unusable = unusable;
  }

  text(path: string): string | undefined {
    return (
      this.#typed(path, "a text", (value) => (typeof value === "string" ? value : undefined)) || undefined
    );
  }

  number(path: string): number | undefined {
    return this.#typed(path, "a number", (value) => (typeof value === "number" ? value : undefined));
  }

  flag(path: string): boolean | undefined {
    return this.#typed(path, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  /** A duration such as `1h30m`, in seconds. */
  seconds(path: string): number | undefined {
    return this.#typed(path, 'a duration such as "300s"', durationSeconds);
  }

  texts(path: string): readonly string[] | undefined {
    return this.#typed(path, "a list of texts", (value) =>
      Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined,
    );
  }

  fields(path: string): Fields | undefined {
    return this.#typed(path, "an object", (value) => (isFields(value) ? value : undefined));
  }

  /** A list of objects. */
  list(path: string): readonly Fields[] | undefined {
    return this.#typed(path, "a list of objects", (value) =>
      Array.isArray(value) && value.every(isFields) ? value : undefined,
    );
  }

  /** Any value, as it is. */
  value(path: string): unknown {
    this.#read.add(this.#path + path);
    return valueAt(this.#root, path);
  }

  /** The members of a list, each to be read by itself. */
  items(path: string): readonly Source[] {
    const list = valueAt(this.#root, path);
    if (!Array.isArray(list)) return [];
    return list.map((item, index) => this.#part(item, `${path}[${index}].`));
  }

  /** A section; an empty one where there is none. */
  section(path: string): Source {
    return this.#part(valueAt(this.#root, path), `${path}.`);
  }

  keys(): readonly string[] {
    return isFields(this.#root) ? Object.keys(this.#root) : [];
  }

  has(path: string): boolean {
    return valueAt(this.#root, path) !== undefined;
  }

  /** Says that a part was read and has nothing of its kind here. */
  leave(path: string, why: string): void {
    this.#read.add(this.#path + path);
    this.#unusable.push({ key: this.#path + path, why });
  }

  /** What was not read, and what was read and could not be used. What is off or empty is no loss. */
  leftovers(): readonly Leftover[] {
    return [...this.#unusable, ...leavesOf(this.#root, this.#path).filter(({ key }) => !this.#wasRead(key))];
  }

  #part(root: unknown, path: string): Source {
    return new Source(root, this.#path + path, this.#read, this.#unusable);
  }

  #typed<T>(path: string, expected: string, as: (value: unknown) => T | undefined): T | undefined {
    const value = this.value(path);
    if (value === undefined || value === null) return undefined;
    const typed = as(value);
    if (typed === undefined) this.leave(path, `is not ${expected}`);
    return typed;
  }

  #wasRead(key: string): boolean {
    return [...this.#read].some(
      (path) => key === path || key.startsWith(`${path}.`) || key.startsWith(`${path}[`),
    );
  }
}

function valueAt(root: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => (isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      root,
    );
}

function leavesOf(value: unknown, path: string): Leftover[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => leavesOf(item, `${path.replace(/\.$/, "")}[${index}].`));
  if (isFields(value))
    return Object.entries(value).flatMap(([key, item]) => leavesOf(item, `${path}${key}.`));
  const isOff = value === false || value === "" || value === 0 || value === null || value === undefined;
  return isOff ? [] : [{ key: path.replace(/\.$/, "") }];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
