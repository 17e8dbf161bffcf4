import { describe, expect, test, vi } from "vitest";
import type { UserCommand } from "../../src/hub-rpc/management.ts";
import type { Codec, Encoded } from "../../src/protocol/codec.ts";
import { jsonCodec } from "../../src/protocol/json/codec.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { Subscription } from "../../src/sessions/state.ts";
import { LocalChannel } from "../../src/streams/local-channels.ts";

const CHANNEL = "open:a";
const RUN = { first: 4, publications: ['{"data":1,"offset":4}', '{"data":2,"offset":5}'] };
const ann = { user: "ann", client: "a", connInfo: undefined, chanInfo: undefined };

/** A codec whose texts are bytes, and that notes what it encodes. */
function byteCodec() {
  const encodePush = vi.fn((push) => new TextEncoder().encode(jsonCodec.encodePush(push)));
  const join = (encoded: readonly Uint8Array[]) => encoded;
  return { ...jsonCodec, encodePush, join } as unknown as Codec & { encodePush: typeof encodePush };
}

/** Subscribes a session that keeps what it is sent. */
function subscribe(local: LocalChannel, codec: Codec, wantsJoinLeave = false): Encoded[] {
  const sent: Encoded[] = [];
  const session = { codec, trail: { pushes: 0 }, pushShared: (encoded: Encoded) => sent.push(encoded) };
  local.add(session as unknown as Session, { channel: CHANNEL, wantsJoinLeave } as Subscription);
  return sent;
}

const publication = (publication: string) =>
  jsonCodec.encodePush({ kind: "publication", channel: CHANNEL, publication });
const [first = "", second = ""] = RUN.publications.map(publication);

describe("what goes to many subscribers", () => {
  test("HUB-70: is encoded once for each codec among them, and sent to each in its own", () => {
    const local = new LocalChannel(CHANNEL);
    const codec = byteCodec();
    const texts = [subscribe(local, jsonCodec), subscribe(local, jsonCodec)];
    const bytes = [subscribe(local, codec), subscribe(local, codec), subscribe(local, codec)];
    local.publish(RUN, []);
    for (const sent of texts) expect(sent).toEqual([`${first}\n${second}`]);
    expect(codec.encodePush).toHaveBeenCalledTimes(2);
    for (const sent of bytes) {
      expect(sent.map((part) => new TextDecoder().decode(part as Uint8Array))).toEqual([first, second]);
      expect(sent[0]).toBe(bytes[0]?.[0]);
    }
  });

  test("HUB-70: is not encoded for nobody", () => {
    const codec = byteCodec();
    const local = new LocalChannel(CHANNEL);
    subscribe(local, codec);
    local.announce([{ kind: "join", info: ann }]);
    expect(codec.encodePush).not.toHaveBeenCalled();
  });

  test("SESS-46: publications without an offset stand where they were published", () => {
    const local = new LocalChannel(CHANNEL);
    const sent = subscribe(local, jsonCodec);
    const between = { after: 4, publication: '{"data":"between"}' };
    const last = { after: 5, publication: '{"data":"last"}' };
    local.publish(RUN, [between, last]);
    const expected = [first, publication(between.publication), second, publication(last.publication)];
    expect(sent).toEqual([expected.join("\n")]);
  });

  test("SESS-35: joins and leaves go to those who asked for them", () => {
    const local = new LocalChannel(CHANNEL);
    const [asked, other] = [subscribe(local, jsonCodec, true), subscribe(local, jsonCodec)];
    local.announce([{ kind: "leave", info: ann }]);
    expect(asked).toEqual(['{"push":{"channel":"open:a","leave":{"info":{"user":"ann","client":"a"}}}}']);
    expect(other).toEqual([]);
  });
});

test("API-81: commands on a control channel reach its listener as they are", () => {
  const take = vi.fn();
  const local = new LocalChannel("\0users/1", { take });
  const command = { action: "unsubscribe", user: "ann" } as UserCommand;
  local.publish({ first: 1, publications: [] }, [{ after: 0, command }]);
  expect(take).toHaveBeenCalledExactlyOnceWith(command);
});
