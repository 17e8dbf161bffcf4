import { expect, test } from "vitest";
import type { Hooks } from "../../../src/channels/hooks.ts";
import { Backend } from "../../support/fetched-backend.ts";
import { signText } from "../../support/hub-config.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const NUMBERS = '{"account":12345678901234567890,"price":1.10,"rate":1e400,"zero":-0}';
const newChannel = () => `open:${crypto.randomUUID()}`;

test.each([
  ["plainly", (json: string) => `"info":${json}`, (json: string) => `"data":${json}`],
  ["in base64", (json: string) => `"b64info":"${btoa(json)}"`, (json: string) => `"b64data":"${btoa(json)}"`],
])(
  "TOKEN-33: numbers that a token gives %s reach clients with every digit, over sleep too",
  async (_, info, data) => {
    const channel = newChannel();
    const hub = new TestHub({ name: `home/${channel}` });
    const subs = `"subs":{"${channel}":{${info(NUMBERS)},${data(NUMBERS)}}}`;
    const client = await hub.connect({ token: await signText(`{"sub":"ann",${info(NUMBERS)},${subs}}`) });
    expect(client.frames.join()).toContain(`"data":${NUMBERS}`);
    await hub.sleep();
    await client.ask("presence", { channel });
    const told = client.frames.at(-1);
    expect(told).toContain(`"conn_info":${NUMBERS}`);
    expect(told).toContain(`"chan_info":${NUMBERS}`);
  },
);

test("TOKEN-33: a subscription token too, and a refresh", async () => {
  const channel = newChannel();
  const client = await new TestHub().connect({ token: await signText('{"sub":"ann"}') });
  const claims = `"sub":"ann","channel":"${channel}","info":${NUMBERS},"data":${NUMBERS}`;
  await client.subscribe(channel, { token: await signText(`{${claims}}`) });
  expect(client.frames.at(-1)).toContain(`"data":${NUMBERS}`);
  await client.ask("refresh", { token: await signText(`{"sub":"ann","info":${NUMBERS},"exp":1.8e10}`) });
  await client.ask("presence", { channel });
  expect(client.frames.at(-1)).toContain(`"conn_info":${NUMBERS},"chan_info":${NUMBERS}`);
});

test("TOKEN-33: times may be written in any way, and meta is no number", async () => {
  const hub = new TestHub();
  const { connect } = await hub.connected({
    token: await signText('{"sub":"ann","exp":17955432100.0,"nbf":1.0e3}'),
  });
  expect(connect.expires).toBe(true);
  const client = await hub.open();
  client.send({ connect: { token: await signText('{"sub":"ann","meta":12345678901234567890}') } });
  expect((await client.closed).code).toBe(3500);
});

test("TOKEN-33: hooks get the text beside what is parsed", async () => {
  const asked: unknown[] = [];
  const keep = ({ data, rawData, ...rest }: { data: unknown; rawData: string | undefined }): undefined => {
    asked.push([
      (data as { account?: unknown } | undefined)?.account,
      rawData,
      "rawMeta" in rest && rest.rawMeta,
    ]);
    return undefined;
  };
  const hooks: Hooks = {
    subscribe: keep,
    publish: keep,
    message: keep,
    rpc: (context) => {
      keep(context);
      return {};
    },
  };
  const client = await new TestHub({ config: { hooks } }).connect({
    token: await signText(`{"sub":"ann","meta":${NUMBERS}}`),
  });
  const channel = newChannel();
  const send = async (command: string) => {
    client.sendFrame(command);
    await client.reply(Number(/"id":(\d+)/.exec(command)?.[1]));
  };
  await send(`{"id":10,"subscribe":{"channel":"${channel}","data":${NUMBERS}}}`);
  await send(`{"id":11,"publish":{"channel":"${channel}","data":${NUMBERS}}}`);
  client.sendFrame(`{"send":{"data":${NUMBERS}}}`);
  await send(`{"id":12,"rpc":{"method":"m","data":${NUMBERS}}}`);
  expect(asked).toEqual(Array(4).fill([Number("12345678901234567890"), NUMBERS, NUMBERS]));
});

test.each([
  [false, `"data":${NUMBERS}`],
  [true, `"b64data":"${btoa(NUMBERS)}"`],
])("TOKEN-33: the backend is asked with every digit (base64: %s)", async (isBinary, sent) => {
  const backend = new Backend(() => ({ result: {} }));
  const proxy = {
    rpc: { endpoint: `${backend.address}/rpc` },
    include_connection_meta: true,
    binary_encoding: isBinary,
  };
  const client = await new TestHub({ config: { proxy } }).connect({
    token: await signText(`{"sub":"ann","meta":${NUMBERS}}`),
  });
  client.sendFrame(`{"id":10,"rpc":{"method":"m","data":${NUMBERS}}}`);
  await client.reply(10);
  client.sendFrame('{"id":11,"rpc":{"method":"m","data":12345678901234567890}}');
  await client.reply(11);
  const [asked, alone] = backend.asked;
  expect(asked?.text).toContain(sent);
  expect(asked?.text).toContain(`"meta":${NUMBERS}`);
  expect(alone?.text).toContain(isBinary ? btoa("12345678901234567890") : '"data":12345678901234567890');
});
