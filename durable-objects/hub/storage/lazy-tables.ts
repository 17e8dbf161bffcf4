import type { SqlStorage, SqlValue } from "./sql-storage.ts";

/** Tables that are made on first need: an object that never writes costs nothing, and making one is two written rows. */
export class LazyTables<Name extends string> {
  readonly #storage: SqlStorage;
  readonly #definitions: Readonly<Record<Name, string>>;
  readonly #upgrade: (tables: ReadonlyMap<string, string>) => readonly string[];
  #made: Set<string> | undefined;
  #rowsWritten = 0;

  /** `upgrade` is given the tables that are there and how they were made, and returns statements to be carried out. */
  constructor(
    storage: SqlStorage,
    definitions: Readonly<Record<Name, string>>,
    upgrade: (tables: ReadonlyMap<string, string>) => readonly string[],
  ) {
    this.#storage = storage;
    this.#definitions = definitions;
    this.#upgrade = upgrade;
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  has(table: Name): boolean {
    return this.#existing.has(table);
  }

  /** Rows of a table; none where it has not been made. */
  rows<Row extends Record<string, SqlValue>>(table: Name, query: string, ...bindings: SqlValue[]): Row[] {
    return [...this.cursor<Row>(table, query, ...bindings)];
  }

  /** The same, read one by one. */
  cursor<Row extends Record<string, SqlValue>>(
    table: Name,
    query: string,
    ...bindings: SqlValue[]
  ): Iterable<Row> {
    return this.has(table) ? this.#storage.sql.exec<Row>(query, ...bindings) : [];
  }

  /** Writes to a table, which is made where it is not there. */
  write(table: Name, query: string, ...bindings: SqlValue[]): void {
    if (!this.has(table)) this.#make(table);
    this.#run(query, ...bindings);
  }

  /** Changes what is in a table, if it is there. */
  change(table: Name, query: string, ...bindings: SqlValue[]): void {
    if (this.has(table)) this.#run(query, ...bindings);
  }

  /** Whether nothing is in any table. */
  isEmpty(): boolean {
    const names = Object.keys(this.#definitions) as Name[];
    return names.every((table) => this.rows(table, `SELECT 1 FROM ${table} LIMIT 1`).length === 0);
  }

  /** Looks again which tables are there: after the storage has been deleted, or a transaction has been undone. */
  reset(): void {
    this.#made = undefined;
  }

  get #existing(): Set<string> {
    this.#made ??= this.#read();
    return this.#made;
  }

  #read(): Set<string> {
    const tables = this.#storage.sql
      .exec<{ name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
      .toArray();
    for (const statement of this.#upgrade(new Map(tables.map(({ name, sql }) => [name, sql]))))
      this.#run(statement);
    return new Set(tables.map(({ name }) => name));
  }

  #make(table: Name): void {
    this.#run(this.#definitions[table]);
    this.#existing.add(table);
  }

  #run(query: string, ...bindings: SqlValue[]): void {
    this.#rowsWritten += this.#storage.sql.exec(query, ...bindings).rowsWritten;
  }
}
