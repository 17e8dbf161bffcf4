import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { launchBrowser, openPage } from "../support/browser.ts";
import { ChannelClient } from "../support/channel-client.ts";
import { waitForSession } from "../support/channels-page.ts";
import { waitForStatus } from "../support/console-page.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { type Project, projectWith } from "./support/project.ts";

const API_KEY = "a key of the test, long enough";

const WORKER = `
import { createGateway, type RoomHandler } from "poorwill";
import { servePage } from "poorwill/console";
import { broadcast, echo } from "poorwill/rooms";

const greeter: RoomHandler<{ name: string }> = {
  upgrade: (request) => ({ name: new URL(request.url).searchParams.get("name") ?? "nobody" }),
  message: (ws, message) => ws.send(\`\${ws.data.name}: \${String(message)}\`),
};

const gateway = createGateway({
  path: "/realtime",
  rooms: { greeter, echo, broadcast },
  channels: {
    connection: { allowAnonymous: true },
    namespaces: [
      {
        name: "news",
        history_size: 100,
        history_ttl: 3600,
        force_recovery: true,
        allow_subscribe_for_client: true,
        allow_subscribe_for_anonymous: true,
      },
    ],
  },
  bindings: { ROOM: "ROOMS", HUB: "HUBS", DIRECTORY: "HUB_LIST" },
  console: servePage,
  fallback: () => new Response("the application"),
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
`;

/** What receives signed requests need not be a Worker. */
const RECEIVER = `
import { verify } from "poorwill/backend";

export const isOurs = (header: string, body: string): Promise<boolean> => verify(header, body, "a secret");
`;

const WRANGLER = `
name = "application"
main = "worker.ts"
compatibility_date = "2026-10-23"
compatibility_flags = ["enable_request_signal", "request_signal_passthrough", "no_web_socket_compression"]
send_metrics = false
keep_names = false

[[durable_objects.bindings]]
name = "ROOMS"
class_name = "Room"

[[durable_objects.bindings]]
name = "HUBS"
class_name = "Hub"

[[durable_objects.bindings]]
name = "HUB_LIST"
class_name = "Directory"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room", "Hub", "Directory"]
`;

const tsconfig = (types: readonly string[], include: readonly string[], lib: readonly string[]) =>
  JSON.stringify({
    compilerOptions: {
      target: "ES2022",
      module: "ESNext",
      moduleResolution: "Bundler",
      lib,
      types,
      strict: true,
      noEmit: true,
      // The types of the package are checked too.
      skipLibCheck: false,
    },
    include,
  });

let project: Project;
let gateway: Gateway;

beforeAll(async () => {
  project = await projectWith(
    {
      "worker.ts": WORKER,
      "receiver.ts": RECEIVER,
      "wrangler.toml": WRANGLER,
      "tsconfig.json": tsconfig(["@cloudflare/workers-types"], ["worker.ts"], ["ES2022"]),
      "tsconfig.node.json": tsconfig(["node"], ["receiver.ts"], ["ES2022"]),
    },
    inject("tarball"),
  );
  gateway = await startGateway({
    configPath: join(project.directory, "wrangler.toml"),
    healthPath: "/realtime/healthz",
    vars: { API_KEY },
  });
});

afterAll(async () => {
  await gateway?.stop();
  await project?.delete();
});

test("PKG-30: the tarball has no test and no source of the page", async () => {
  const files = await readdir(join(project.directory, "node_modules/poorwill"), { recursive: true });
  expect(files.filter((file) => /(?:^|\/)(?:test|bench|client|scripts)(?:\/|$)/.test(file))).toEqual([]);
  expect(files.length).toBeGreaterThan(5);
});

test("PKG-31: an application on it type-checks, with the types of Workers or of Node", async () => {
  const tsc = resolve("node_modules/.bin/tsc");
  await project.run(tsc, "-p", "tsconfig.json");
  await project.run(tsc, "-p", "tsconfig.node.json");
});

test("PKG-32: rooms, channels and the API of the packed gateway work below a path, with bindings of other names", async () => {
  const { url } = gateway;
  const socket = new WebSocket(`${url.replace("http", "ws")}/realtime/rooms/greeter/lobby?name=ada`);
  await once(socket, "open");
  socket.send("hello");
  const [answer] = await once(socket, "message");
  expect(String(answer)).toBe("ada: hello");
  socket.close();

  const client = await new ChannelClient(
    `${url.replace("http", "ws")}/realtime/connection/websocket`,
  ).connect();
  const feed = await client.subscribe("news:today");
  const published = await fetch(`${url}/realtime/api/publish`, {
    method: "POST",
    headers: { "X-API-Key": API_KEY },
    body: JSON.stringify({ channel: "news:today", data: { n: 1 } }),
  });
  expect(await published.json()).toMatchObject({ result: { offset: 1 } });
  await feed.untilReceived(1);
  expect(feed.data).toEqual([{ n: 1 }]);
  client.centrifuge.disconnect();
  expect(await (await fetch(`${url}/anything/else`)).text()).toBe("the application");
});

test("PKG-33: the page of the packed gateway connects, below its path", async () => {
  const browser = await launchBrowser();
  try {
    const { page, problems } = await openPage(browser, `${gateway.url}/realtime`);
    expect(page.url()).toBe(`${gateway.url}/realtime/`);
    await waitForStatus(page, "open · /realtime/rooms/greeter/lobby");
    await page.getByRole("link", { name: "Channels" }).click();
    await waitForSession(page, /^connected · 1 channel$/);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
