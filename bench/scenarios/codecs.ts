import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandSchema } from "../../src/protocol/protobuf/client_pb.ts";
import { delimited } from "../../src/protocol/protobuf/frames.ts";
import { encodeFrame, OPCODE } from "../../src/websocket/frame.ts";
import { connect, encodePublish } from "../channels.ts";
import { settle, watch } from "../clock.ts";
import { LineCounter, messageCounter } from "../lines.ts";
import { closeSockets, type LoadSocket, openSockets, PAYLOAD } from "../load.ts";
import type { Round, Sample, Scenario } from "../scenario.ts";
import type { ChannelServer } from "../targets.ts";

const SIZE = 100;
const maskingKey = Uint8Array.of(1, 2, 3, 4);

/** How many of the publishers, and of the subscribers, speak Protobuf. */
const MIXES = { json: 0, protobuf: SIZE, mixed: SIZE / 2 } as const;

type Mix = keyof typeof MIXES;

const ORDER: readonly Mix[] = ["json", "protobuf", "mixed"];

interface Measured {
  readonly rate: number;
  /** Microseconds of the server for each delivery. */
  readonly cost: number;
  /** Bytes on the wire for each delivery. */
  readonly bytes: number;
}

/** Clients that speak JSON, clients that speak Protobuf, and both in one channel: one after the other on one server. */
export const codecs: Scenario = {
  title: `Codecs, fan-out ${SIZE} × ${SIZE} without history`,
  metrics: [
    { name: "JSON deliveries/s", digits: 0 },
    { name: "Protobuf : JSON", digits: 2 },
    { name: "mixed : slower of both", digits: 2 },
    { name: "JSON server µs/delivery", digits: 2 },
    { name: "Protobuf server µs/delivery", digits: 2 },
    { name: "mixed server µs/delivery", digits: 2 },
    { name: "JSON bytes/delivery", digits: 0 },
    { name: "Protobuf bytes/delivery", digits: 0 },
  ],
  goals: [
    { metric: "Protobuf : JSON", atLeast: 1 },
    { metric: "mixed : slower of both", atLeast: 0.9 },
  ],
  async run(round): Promise<ReadonlyMap<string, Sample>> {
    const target = round.targets.find(({ channels }) => channels !== undefined);
    const server = await target?.channels?.();
    if (target === undefined || server === undefined) return new Map();
    const { json, protobuf, mixed } = await sampleEach(server, round);
    const ratios = [protobuf.rate / json.rate, mixed.rate / Math.min(json.rate, protobuf.rate)];
    const costs = [json, protobuf, mixed].map(({ cost }) => cost);
    return new Map([[target.name, [json.rate, ...ratios, ...costs, json.bytes, protobuf.bytes]]]);
  },
};

/** Each round begins with another one: the server gets faster with time. */
async function sampleEach(server: ChannelServer, round: Round): Promise<Record<Mix, Measured>> {
  const nothing = { rate: 0, cost: 0, bytes: 0 };
  const measured = { json: nothing, protobuf: nothing, mixed: nothing };
  const first = round.number % ORDER.length;
  for (const mix of [...ORDER.slice(first), ...ORDER.slice(0, first)])
    measured[mix] = await sample(server, round, mix);
  return measured;
}

async function sample(server: ChannelServer, { number, timing }: Round, mix: Mix): Promise<Measured> {
  const channel = `live:codecs-${mix}-${number}`;
  const publishers = await openMixed(server, channel, MIXES[mix]);
  const subscribers = await openMixed(server, channel, MIXES[mix], channel);
  const load = new MixedLoad(publishers, subscribers, channel);
  const { rate, cost } = await watch(server.pid, timing, () => load.deliveries);
  await load.stop();
  await closeSockets([...publishers, ...subscribers].map(({ socket }) => socket));
  return { rate, cost, bytes: load.bytes / load.deliveries };
}

interface Client {
  readonly socket: LoadSocket;
  readonly isProtobuf: boolean;
}

async function openMixed(
  { port }: ChannelServer,
  home: string,
  protobufs: number,
  channel?: string,
): Promise<Client[]> {
  const path = `/connection/websocket?channel=${home}`;
  const json = await openSockets(port, path, SIZE - protobufs);
  const protobuf = await openSockets(port, `${path}&cf_protocol=protobuf`, protobufs);
  await connect(json, channel);
  await Promise.all(protobuf.map((socket) => connectProtobuf(socket, channel)));
  const clients = [
    ...json.map((socket) => ({ socket, isProtobuf: false })),
    ...protobuf.map((socket) => ({ socket, isProtobuf: true })),
  ];
  return clients;
}

async function connectProtobuf(socket: LoadSocket, channel?: string): Promise<void> {
  const commands = [{ id: 1, connect: {} }, ...(channel ? [{ id: 2, subscribe: { channel } }] : [])];
  const { promise, resolve } = Promise.withResolvers<void>();
  const counter = messageCounter();
  let missing = commands.length;
  socket.onBytes = (count, bytes) => {
    missing -= counter.count(bytes, count);
    if (missing === 0) resolve();
  };
  socket.send(encodeCommands(commands));
  await promise;
}

function encodeCommands(commands: readonly MessageInitShape<typeof CommandSchema>[]): Uint8Array {
  const messages = commands.map((command) => delimited(CommandSchema, create(CommandSchema, command)));
  return encodeFrame({ opcode: OPCODE.binary, payload: Buffer.concat(messages), maskingKey });
}

/** As many messages are under way as there are publishers, which take turns. */
class MixedLoad {
  deliveries = 0;
  bytes = 0;
  readonly #publishers: readonly { readonly socket: LoadSocket; readonly message: Uint8Array }[];
  #sent = 0;
  #isStopped = false;

  constructor(publishers: readonly Client[], subscribers: readonly Client[], channel: string) {
    const data = new TextEncoder().encode(JSON.stringify(PAYLOAD));
    const binary = encodeCommands([{ id: 3, publish: { channel, data } }]);
    const text = encodePublish(channel);
    this.#publishers = publishers.map(({ socket, isProtobuf }) => ({
      socket,
      message: isProtobuf ? binary : text,
    }));
    for (const { socket } of publishers) socket.onBytes = () => undefined;
    for (const subscriber of subscribers) this.#count(subscriber);
    this.#fillWindow();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await settle(() => this.deliveries === this.#sent * SIZE, "every message was delivered");
  }

  #count({ socket, isProtobuf }: Client): void {
    const counter = isProtobuf ? messageCounter() : new LineCounter();
    socket.onBytes = (count, bytes) => {
      this.deliveries += counter.count(bytes, count);
      this.bytes += count;
      this.#fillWindow();
    };
  }

  #fillWindow(): void {
    if (this.#isStopped) return;
    while (this.#sent * SIZE - this.deliveries <= (SIZE - 1) * SIZE) {
      const next = this.#publishers[this.#sent % this.#publishers.length];
      next?.socket.send(next.message);
      this.#sent += 1;
    }
  }
}
