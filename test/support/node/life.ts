import { SqlBlockStore } from "../../../durable-objects/hub/storage/block-store.ts";
import { SqlConditionStore } from "../../../durable-objects/hub/storage/condition-store.ts";
import { SqlEventStore } from "../../../durable-objects/hub/storage/event-store.ts";
import { SqlPaceStore } from "../../../durable-objects/hub/storage/pace-store.ts";
import { SqlSessionStore } from "../../../durable-objects/hub/storage/session-store.ts";
import type { SqlStorage } from "../../../durable-objects/hub/storage/sql-storage.ts";
import { SqlStreamStore } from "../../../durable-objects/hub/storage/stream-store.ts";
import type { ResolvedConfig } from "../../../src/config/config.ts";
import type { HubSettings, Platform } from "../../../src/hub/platform.ts";
import { HubServer } from "../../../src/hub/server.ts";
import { callHub, type HubRpc, hubOf } from "../../../src/hub-rpc/hub-rpc.ts";
import type { Connection, Connections } from "../../../src/sessions/connection.ts";
import { directoryOf, overviewOf } from "../hub-config.ts";
import type { NodeSocket } from "./socket.ts";
import type { NodeStorage } from "./storage.ts";
import { turn } from "./turn.ts";

/** What outlives the memory of an object. */
export interface Lasting {
  readonly name: string;
  readonly storage: NodeStorage;
  readonly sockets: ReadonlySet<NodeSocket>;
  stubOf(hub: string): HubRpc;
  crash(): void;
}

/**
 * One waking life of a hub: its memory. When it is over, what goes on of it reaches nothing any more, as if its isolate
 * were gone.
 */
export class Life implements Connections {
  readonly server: HubServer;
  /** Rejects when the life is over. */
  readonly over: Promise<never>;
  readonly #lasting: Lasting;
  readonly #connections = new Map<NodeSocket, Connection>();
  readonly #reject: (reason: Error) => void;
  #isOver = false;

  constructor(lasting: Lasting, config: ResolvedConfig, settings: HubSettings) {
    this.#lasting = lasting;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.over = promise;
    this.#reject = reject;
    this.server = new HubServer(this.#platform(settings), config, settings);
  }

  end(): void {
    this.#isOver = true;
    this.#reject(new Error("the object is gone"));
  }

  get held(): number {
    return this.#lasting.sockets.size;
  }

  readonly sinks = () => [...this.#lasting.sockets].map(() => ({ bufferedAmount: 0 }));

  open(): readonly Connection[] {
    return [...this.#lasting.sockets]
      .filter(({ isOpen }) => isOpen)
      .map((socket) => this.connectionOf(socket));
  }

  connectionOf(socket: NodeSocket): Connection {
    const connection = this.#connections.get(socket) ?? this.#connect(socket);
    this.#connections.set(socket, connection);
    return connection;
  }

  #connect(socket: NodeSocket): Connection {
    const whileAlive = <Result>(work: () => Result) => (this.#isOver ? undefined : work());
    return {
      buffered: 0,
      get lastPong() {
        return socket.lastPong;
      },
      send: (frame) => whileAlive(() => socket.toClient(frame)),
      close: (close) => whileAlive(() => socket.closeFromServer(close)),
      remember: (attachment) => whileAlive(() => socket.remember(attachment)),
      recall: () => socket.recall(),
    };
  }

  #platform({ wireVersions }: HubSettings): Platform {
    const { name, storage, stubOf, crash } = this.#lasting;
    const sql = this.#storageOfLife();
    return {
      name,
      connections: this,
      stores: {
        streams: new SqlStreamStore(sql, wireVersions.stored),
        sessions: new SqlSessionStore(sql),
        conditions: new SqlConditionStore(sql),
        events: new SqlEventStore(sql),
        paces: new SqlPaceStore(sql),
        blocks: new SqlBlockStore(sql),
      },
      alarm: {
        getAlarm: () => storage.getAlarm(),
        setAlarm: async (time) => (this.#isOver ? undefined : storage.setAlarm(time)),
      },
      targets: { directory: directoryOf(name) },
      overview: overviewOf(name),
      fetch: (request) => fetch(request),
      stubOf: (hub) => hubOf((method, call) => this.#whileAlive(callHub(stubOf(hub), method, call))),
      // Durable in a later turn, as on a disk.
      sync: () => turn(),
      deleteAll: async () => (this.#isOver ? undefined : storage.deleteAll()),
      abort: () => {
        if (!this.#isOver) crash();
      },
    };
  }

  #storageOfLife(): SqlStorage {
    const { storage } = this.#lasting;
    const check = () => {
      if (this.#isOver) throw new Error("the object is gone");
    };
    return {
      sql: {
        exec: (query, ...bindings) => {
          check();
          return storage.sql.exec(query, ...bindings);
        },
      },
      transactionSync: (work) => {
        check();
        return storage.transactionSync(work);
      },
    };
  }

  /** What comes of a call, as long as this life goes on: no later one hears of it. */
  async #whileAlive<Result>(answer: Promise<Result>): Promise<Result> {
    await answer.catch(() => {});
    return this.#isOver ? new Promise<never>(() => {}) : answer;
  }
}
