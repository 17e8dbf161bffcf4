import { settle, watch } from "../clock.ts";
import { closeSockets, type LoadSocket, MESSAGE, MESSAGE_BYTES, openSockets } from "../load.ts";
import { inTurn, type Round, type Sample, type Scenario } from "../scenario.ts";
import { quantile, sort } from "../statistics.ts";
import type { RunningTarget } from "../targets.ts";

/** Connections that each send a message when the last one has come back. */
export function echo(connections: number): Scenario {
  return {
    title: `Echo, ${connections} ${connections === 1 ? "connection" : "connections"}`,
    metrics: [
      { name: "messages/s", digits: 0 },
      { name: "p50 ms", digits: 3 },
      { name: "p99 ms", digits: 3 },
      { name: "server µs/message", digits: 1 },
    ],
    goals: [
      { metric: "messages/s", against: "bare object", atLeast: 0.95 },
      { metric: "messages/s", against: "partyserver", atLeast: 1 },
    ],
    run: (round) => inTurn(round, (target) => sample(target, connections, round)),
  };
}

async function sample(target: RunningTarget, connections: number, round: Round): Promise<Sample> {
  const path = target.path("echo", `bench-${connections}-${round.number}`);
  const sockets = await openSockets(target.port, path, connections);
  const load = new EchoLoad(sockets);
  const { rate, cost } = await watch(
    target.pid,
    round.timing,
    () => load.echoed,
    () => load.forgetTimes(),
  );
  const times = sort(load.times);
  await load.stop();
  await closeSockets(sockets);
  return [rate, quantile(times, 0.5), quantile(times, 0.99), cost];
}

class EchoLoad {
  echoed = 0;
  /** Milliseconds from sending a message to having it back. */
  times: number[] = [];
  #waiting = 0;
  #isStopped = false;

  constructor(sockets: readonly LoadSocket[]) {
    for (const socket of sockets) this.#start(socket);
  }

  forgetTimes(): void {
    this.times = [];
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await settle(() => this.#waiting === 0, "every message was echoed");
  }

  #start(socket: LoadSocket): void {
    let bytes = 0;
    let sentAt = 0;
    const send = () => {
      sentAt = performance.now();
      this.#waiting += 1;
      socket.send(MESSAGE);
    };
    socket.onBytes = (count) => {
      bytes += count;
      if (bytes < MESSAGE_BYTES) return;
      bytes -= MESSAGE_BYTES;
      this.echoed += 1;
      this.#waiting -= 1;
      this.times.push(performance.now() - sentAt);
      if (!this.#isStopped) send();
    };
    send();
  }
}
