import type { RoomStorage } from "../../src/rooms/handler.ts";

/** Where the keys of the gateway begin. They stand in a table that SQL cannot name, so only `kv` must keep them apart. */
const RESERVED = "poorwill:";

/** The key of the alarm that a kind has set: the one row of the gateway. */
export const ALARM_KEY = `${RESERVED}alarm`;

/** Whether neither the author nor the gateway has anything stored, besides the object's alarm. */
export function storesNothing({ kv, sql }: DurableObjectStorage): boolean {
  for (const _ of kv.list({ limit: 1 })) return false;
  const own = sql.exec("SELECT 1 FROM sqlite_master WHERE name NOT GLOB '_cf_*' LIMIT 1");
  return own.toArray().length === 0;
}

/** The storage of a room as its author sees it. */
export class AuthorStorage implements RoomStorage {
  readonly sql: SqlStorage;
  readonly kv: SyncKvStorage;
  readonly #storage: DurableObjectStorage;
  readonly #onDeleted: () => Promise<void>;

  /** `onDeleted` sets the object's alarm anew: it goes with everything else. */
  constructor(storage: DurableObjectStorage, onDeleted: () => Promise<void>) {
    this.#storage = storage;
    this.#onDeleted = onDeleted;
    this.sql = storage.sql;
    this.kv = new AuthorKv(storage.kv);
  }

  transactionSync<Result>(work: () => Result): Result {
    return this.#storage.transactionSync(work);
  }

  async deleteAll(): Promise<void> {
    await this.#storage.deleteAll();
    await this.#onDeleted();
  }
}

/** Values by name, without the row of the gateway. */
class AuthorKv implements SyncKvStorage {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  get<T = unknown>(key: string): T | undefined {
    return this.#kv.get<T>(own(key));
  }

  put<T>(key: string, value: T): void {
    this.#kv.put(own(key), value);
  }

  delete(key: string): boolean {
    return this.#kv.delete(own(key));
  }

  *list<T = unknown>(options: SyncKvListOptions = {}): Iterable<[string, T]> {
    const { limit = Number.POSITIVE_INFINITY } = options;
    let count = 0;
    // One more than asked for: the row of the gateway may be among them.
    const asked = options.limit === undefined ? options : { ...options, limit: options.limit + 1 };
    for (const entry of this.#kv.list<T>(asked)) {
      if (entry[0].startsWith(RESERVED)) continue;
      count += 1;
      if (count > limit) return;
      yield entry;
    }
  }
}

function own(key: string): string {
  if (key.startsWith(RESERVED)) throw new RangeError(`a key may not begin with ${RESERVED}`);
  return key;
}
