import { afterAll, inject, test } from "vitest";
import {
  type ChannelGateway,
  type ChannelGatewaySettings,
  useChannels,
} from "../../support/channel-gateway.ts";
import { type Sdk, SPEAKERS, type Speaker } from "../sdks.ts";
import { Program } from "./program.ts";
import { type ClientOptions, SdkClient } from "./sdk-client.ts";

/** What a scenario has at hand. */
export interface Stage {
  readonly gateway: ChannelGateway;
  /** A client of the SDK, which connects. */
  open(options?: ClientOptions): Promise<SdkClient>;
  /** A client of the SDK that has connected. */
  connect(options?: ClientOptions): Promise<SdkClient>;
  /** A connected client of each SDK over each of its protocols, by its name. */
  connectAll(where: Where): Promise<ReadonlyMap<string, SdkClient>>;
}

/** Tests the same with each SDK over each protocol that it speaks, where that makes sense. */
type Scenario = (title: string, play: (stage: Stage) => Promise<void>, where?: Where) => void;
type Where = (speaker: Speaker) => boolean;

/**
 * Runs a gateway and the programs of the SDKs for the scenarios of one file.
 *
 * @example
 * const scenario = useSdks();
 * scenario("SDK-01: a client connects", async ({ connect }) => void (await connect()));
 */
export function useSdks(settings?: ChannelGatewaySettings): Scenario {
  const gateway = useChannels(settings);
  const programs = new Map<Sdk, Program>();
  const programOf = (sdk: Sdk) => {
    const running = programs.get(sdk) ?? new Program(sdk.run);
    programs.set(sdk, running);
    return running;
  };
  afterAll(async () => {
    await Promise.all([...programs.values()].map((running) => running.stop()));
  });

  const openAs = async ({ sdk, protocol }: Speaker, clients: SdkClient[], options: ClientOptions = {}) => {
    const client = new SdkClient(programOf(sdk), protocol, options);
    clients.push(client);
    return client.open(() => gateway.port);
  };
  const stageOf = (speaker: Speaker, clients: SdkClient[]): Stage => ({
    gateway,
    open: (options) => openAs(speaker, clients, options),
    connect: async (options) => (await openAs(speaker, clients, options)).untilConnected(),
    async connectAll(where) {
      const speakers = SPEAKERS.filter((each) => where(each) && isThere(each));
      const opened = speakers.map(async (each) => {
        return [nameOf(each), await (await openAs(each, clients)).untilConnected()] as const;
      });
      return new Map(await Promise.all(opened));
    },
  });

  return (title, play, where = () => true) => {
    for (const speaker of SPEAKERS.filter(where)) {
      test.runIf(isThere(speaker))(`${title} (${nameOf(speaker)})`, async () => {
        const clients: SdkClient[] = [];
        await play(stageOf(speaker, clients)).finally(() =>
          Promise.all(clients.map((client) => client.close())),
        );
      });
    }
  };
}

function isThere({ sdk }: Speaker): boolean {
  return inject("toolchains").includes(sdk.toolchain);
}

function nameOf({ sdk, protocol }: Speaker): string {
  return `${sdk.name}, ${protocol.codec} over ${protocol.transport}`;
}
