import { keepers } from "./keepers.ts";

const { accept } = WebSocket.prototype;

/** Takes a WebSocket of the test itself: it keeps no object awake. */
export function acceptUnseen(socket: WebSocket): void {
  accept.call(socket);
}

type Timer = (callback: (...values: unknown[]) => void, delay?: number, ...values: unknown[]) => unknown;

/** Notes timers, fetches and WebSockets of this isolate from now on. */
export function watchGlobals(): void {
  watchTimers();
  watchFetch();
  watchSockets();
}

function watchTimers(): void {
  const ends = new Map<number, () => void>();
  const end = (timer: unknown) => {
    ends.get(Number(timer))?.();
    ends.delete(Number(timer));
  };
  const begin = (name: "setTimeout" | "setInterval", original: Timer): Timer => {
    return (callback, ...rest) => {
      const ended = keepers.begin(name);
      const timer = original(
        (...values) => {
          if (name === "setTimeout") end(timer);
          callback(...values);
        },
        ...rest,
      );
      ends.set(Number(timer), ended);
      return timer;
    };
  };
  const clear = (original: (timer: never) => void) => (timer: unknown) => {
    end(timer);
    original(timer as never);
  };
  Object.assign(globalThis, {
    setTimeout: begin("setTimeout", globalThis.setTimeout as unknown as Timer),
    setInterval: begin("setInterval", globalThis.setInterval as unknown as Timer),
    clearTimeout: clear(globalThis.clearTimeout),
    clearInterval: clear(globalThis.clearInterval),
  });
  const wait = scheduler.wait.bind(scheduler);
  const watchedWait: typeof wait = (...options) => wait(...options).finally(keepers.begin("scheduler.wait"));
  Object.assign(scheduler, { wait: watchedWait });
}

function watchFetch(): void {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const ended = keepers.begin(`fetch of ${input instanceof Request ? input.url : String(input)}`);
    return fetch(input, init).finally(ended);
  };
}

/** A WebSocket keeps its object awake from `accept` or `new WebSocket` on; one of `acceptWebSocket` does not. */
function watchSockets(): void {
  WebSocket.prototype.accept = function (...options) {
    accept.apply(this, options);
    noteSocket(this, "a WebSocket that was accepted");
  };
  globalThis.WebSocket = new Proxy(WebSocket, {
    construct(target, values, newTarget) {
      const socket = Reflect.construct(target, values, newTarget) as WebSocket;
      noteSocket(socket, `a WebSocket to ${values[0]}`);
      return socket;
    },
  });
}

function noteSocket(socket: WebSocket, name: string): void {
  const ended = keepers.begin(name);
  for (const event of ["close", "error"] as const) socket.addEventListener(event, ended);
}
