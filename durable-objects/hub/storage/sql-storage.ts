/** What a column holds. */
export type SqlValue = string | number | null | ArrayBuffer;

/** What a statement gives. */
export interface SqlResult<Row> extends Iterable<Row> {
  readonly rowsWritten: number;
  toArray(): Row[];
}

/** The SQL storage of an object, as far as stores need it: they run over any other SQLite too. */
export interface SqlStorage {
  readonly sql: {
    exec<Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): SqlResult<Row>;
  };
  transactionSync<Result>(work: () => Result): Result;
}
