import { settle, watch } from "../clock.ts";
import { closeSockets, type LoadSocket, MESSAGE, MESSAGE_BYTES, openSockets } from "../load.ts";
import { inTurn, type Round, type Sample, type Scenario } from "../scenario.ts";
import type { RunningTarget } from "../targets.ts";

/** Messages under way at once: enough that the server never waits, and few enough that nothing piles up. */
const WINDOW = 8;

/** One connection sends, and everyone else in the room receives. */
export function broadcast(receivers: number): Scenario {
  return {
    title: `Broadcast, 1 sender and ${receivers.toLocaleString("en")} receivers`,
    metrics: [
      { name: "deliveries/s", digits: 0 },
      { name: "server µs/delivery", digits: 2 },
    ],
    goals: [
      { metric: "deliveries/s", against: "bare object", atLeast: 1 },
      { metric: "deliveries/s", against: "partyserver", atLeast: 1 },
    ],
    run: (round) => inTurn(round, (target) => sample(target, receivers, round)),
  };
}

async function sample(target: RunningTarget, receivers: number, round: Round): Promise<Sample> {
  const path = target.path("broadcast", `bench-${receivers}-${round.number}`);
  const sockets = await openSockets(target.port, path, receivers + 1);
  const load = new BroadcastLoad(sockets);
  const { rate, cost } = await watch(target.pid, round.timing, () => load.deliveries);
  await load.stop();
  await closeSockets(sockets);
  return [rate, cost];
}

class BroadcastLoad {
  readonly #sender: LoadSocket | undefined;
  readonly #receivers: number;
  #sent = 0;
  #bytes = 0;
  #isStopped = false;

  constructor([sender, ...receivers]: readonly LoadSocket[]) {
    this.#sender = sender;
    this.#receivers = receivers.length;
    for (const receiver of receivers) {
      receiver.onBytes = (count) => {
        this.#bytes += count;
        this.#fillWindow();
      };
    }
    this.#fillWindow();
  }

  get deliveries(): number {
    return this.#bytes / MESSAGE_BYTES;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const isDelivered = () => this.deliveries === this.#sent * this.#receivers;
    await settle(isDelivered, "every message was delivered");
  }

  #fillWindow(): void {
    if (this.#isStopped) return;
    while (this.#sent * this.#receivers - this.deliveries <= (WINDOW - 1) * this.#receivers) {
      this.#sent += 1;
      this.#sender?.send(MESSAGE);
    }
  }
}
