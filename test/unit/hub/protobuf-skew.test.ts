import { describe, expect, test } from "vitest";
import { wireVersions } from "../../../src/hub-rpc/wire-versions.ts";
import { forEverybody } from "../../support/channel-options.ts";
import type { HistoryBody, HubClient } from "../../support/hub-client.ts";
import { adjustHub } from "../../support/hub-config.ts";
import { newChannel } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { oldWireVersions } from "../../support/old-wire-versions.ts";
import { binary } from "../../support/protobuf-end.ts";
import { recover } from "../../support/recovering.ts";

const RAW = binary([0, 255, 10]);

async function speakProtobuf(hub: TestHub): Promise<HubClient> {
  const client = await hub.open("?cf_protocol=protobuf");
  await client.ask("connect");
  return client;
}

/** Lets the object wake as one of a build that knows no Protobuf, or of this one. */
async function deploy(hub: TestHub, versions: typeof wireVersions): Promise<void> {
  adjustHub(hub.name, { wireVersions: versions });
  await hub.sleep();
}

describe("a build that knows no Protobuf", () => {
  test("PB-17: closes sessions of it with 3001, and keeps those that speak JSON", async () => {
    const hub = new TestHub();
    const [json, protobuf] = [await hub.connect(), await speakProtobuf(hub)];
    for (const client of [json, protobuf]) await client.subscribe("keep:a");
    await deploy(hub, oldWireVersions);
    await json.publish("keep:a", 1);
    expect(await json.publication("keep:a")).toMatchObject({ data: 1, offset: 1 });
    expect(await protobuf.closed).toMatchObject({ code: 3001 });
  });

  test("PB-17: and so it does where the session is in a row", async () => {
    const hub = new TestHub({
      config: { hooks: { connect: () => ({ user: "u", meta: "x".repeat(20_000) }) } },
    });
    const [json, protobuf] = [await hub.connect(), await speakProtobuf(hub)];
    expect(await hub.rows("sessions")).toHaveLength(2);
    await deploy(hub, oldWireVersions);
    expect(await json.codeOf("rpc", { method: "m" })).toBe(108);
    expect(await protobuf.closed).toMatchObject({ code: 3001 });
  });

  test("PB-18: finds a gap where bytes are stored, goes on after them, and loses nothing else", async () => {
    const { channel, home } = newChannel("bytes");
    const writer = await speakProtobuf(home);
    for (const data of [1, RAW, { a: 1 }]) await writer.publish(channel, data);
    const { channel: text } = { channel: `keep:${crypto.randomUUID()}` };
    const reader = await new TestHub({ name: `home/${text}` }).connect();
    await reader.publish(text, 1);
    const versions = (rows: readonly object[]) => rows.map((row) => "version" in row && row.version);
    expect(versions(await home.rows("history"))).toEqual([2, 2, 2]);
    expect(versions(await home.rows("streams"))).toEqual([1]);
    expect(versions(await new TestHub({ name: `home/${text}` }).rows("history"))).toEqual([1]);
    await deploy(home, oldWireVersions);
    const client = await speakProtobuf(home);
    const history = await client.ask<HistoryBody>("history", { channel, limit: 10 });
    expect(history).toMatchObject({ offset: 3 });
    expect(history.publications ?? []).toEqual([]);
    await deploy(home, wireVersions);
    const back = await speakProtobuf(home);
    expect(await back.ask<HistoryBody>("history", { channel, limit: 10 })).toMatchObject({
      publications: [{ data: 1 }, { data: RAW }, { data: { a: 1 } }],
    });
  });

  test("PB-19: is told bytes as JSON, or as their base64, and takes no offset for another", async () => {
    const { channel, home } = newChannel("bytes");
    const options = { ...forEverybody, history_size: 10, history_ttl: 60, force_recovery: true } as const;
    const history = { allow_history_for_client: true, allow_history_for_anonymous: true };
    const edge = new TestHub({ config: { namespaces: [{ name: "bytes", ...options, ...history }] } });
    adjustHub(edge.name, { wireVersions: oldWireVersions });
    const [json, protobuf] = [await edge.connect(), await speakProtobuf(home)];
    const { epoch = "" } = await json.subscribe(channel);
    await protobuf.subscribe(channel);
    await protobuf.publish(channel, RAW);
    await protobuf.publish(channel, { n: 1.5 });
    expect(await json.publication(channel)).toMatchObject({ data: RAW.$b64, offset: 1 });
    expect(await json.publication(channel)).toMatchObject({ data: { n: 1.5 }, offset: 2 });
    await json.publish(channel, "from the edge");
    expect(await json.publication(channel)).toMatchObject({ data: "from the edge", offset: 3 });
    for (const data of [RAW, { n: 1.5 }, "from the edge"])
      expect(await protobuf.publication(channel)).toMatchObject({ data });
    const expected = [
      { data: RAW.$b64, offset: 1 },
      { data: { n: 1.5 } },
      { data: "from the edge", offset: 3 },
    ];
    expect(await json.ask("history", { channel, limit: 10 })).toMatchObject({ publications: expected });
    await json.close(1000, "bye");
    const { subscribe } = await recover(await edge.connect(), channel, 0, epoch);
    expect(subscribe).toMatchObject({ recovered: true, publications: expected });
  });
});

describe("a namespace whose format changes", () => {
  test("PB-20: what is stored as bytes reaches JSON clients as JSON, or as base64", async () => {
    const { channel, home } = newChannel("bytes");
    const writer = await speakProtobuf(home);
    for (const data of [RAW, { a: 1 }]) await writer.publish(channel, data);
    const { epoch } = await writer.ask<HistoryBody>("history", { channel });
    const options = { ...forEverybody, history_size: 10, history_ttl: 60, force_recovery: true } as const;
    const after = new TestHub({ name: home.name, config: { namespaces: [{ name: "bytes", ...options }] } });
    await after.sleep();
    const reader = await after.connect();
    const { subscribe } = await recover(reader, channel, 0, epoch);
    expect(subscribe).toMatchObject({
      recovered: true,
      publications: [{ data: RAW.$b64 }, { data: { a: 1 } }],
    });
    await reader.publish(channel, "text");
    expect(await reader.publication(channel)).toMatchObject({ data: "text", offset: 3 });
    const protobuf = await speakProtobuf(after);
    const { subscribe: recovered } = await recover(protobuf, channel, 0, epoch);
    expect(recovered).toMatchObject({ publications: [{ data: RAW }, { data: { a: 1 } }, { data: "text" }] });
  });
});
