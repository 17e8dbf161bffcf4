import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqlResult, SqlStorage, SqlValue } from "../../durable-objects/hub/storage/sql-storage.ts";

/** Several statements: one cannot be prepared for all. */
const SCRIPT = /;\s*\S/;

/** The SQL storage of an object, in memory and in plain Node. */
export class SqliteStorage implements SqlStorage {
  #database: DatabaseSync | undefined;
  readonly #statements = new Map<string, Statement>();
  /** Counts whatever changes what is stored. */
  changes = 0;
  /** Lets the next transaction fail when its work is done. */
  failsNext = false;

  readonly sql = {
    exec: <Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): SqlResult<Row> => {
      if (bindings.length === 0 && SCRIPT.test(query)) return this.#runScript<Row>(query);
      const { prepared, isRead } = this.#statement(query);
      const bound = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
      if (isRead)
        return resultOf(
          prepared.all(...bound).map((row) => withBuffers<Row>(row)),
          0,
        );
      this.changes += 1;
      return resultOf<Row>([], Number(prepared.run(...bound).changes));
    },
  };

  transactionSync<Result>(work: () => Result): Result {
    this.#statement("BEGIN").prepared.run();
    try {
      const result = work();
      if (this.failsNext) throw new Error("simulated: the storage fails");
      this.#statement("COMMIT").prepared.run();
      return result;
    } catch (failure) {
      this.#statement("ROLLBACK").prepared.run();
      this.changes += 1;
      throw failure;
    } finally {
      this.failsNext = false;
    }
  }

  deleteAll(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
    this.changes += 1;
  }

  get #open(): DatabaseSync {
    this.#database ??= new DatabaseSync(":memory:");
    return this.#database;
  }

  #runScript<Row>(statements: string): SqlResult<Row> {
    this.#open.exec(statements);
    this.changes += 1;
    return resultOf([], 0);
  }

  #statement(query: string): Statement {
    const known = this.#statements.get(query);
    if (known) return known;
    const statement = { prepared: this.#open.prepare(query), isRead: query.startsWith("SELECT") };
    this.#statements.set(query, statement);
    return statement;
  }
}

interface Statement {
  readonly prepared: StatementSync;
  readonly isRead: boolean;
}

/** Bytes as the storage of an object gives them: as a buffer of their own. */
function withBuffers<Row>(row: object): Row {
  for (const [name, value] of Object.entries(row))
    if (value instanceof Uint8Array) Object.assign(row, { [name]: value.slice().buffer });
  return row as Row;
}

function resultOf<Row>(rows: Row[], rowsWritten: number): SqlResult<Row> {
  return { rowsWritten, toArray: () => rows, [Symbol.iterator]: () => rows[Symbol.iterator]() };
}
