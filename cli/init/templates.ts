import { COMPATIBILITY_DATE, FLAGS, OBJECTS } from "../requirements.ts";
import { bindingTables, migrationTable, missingRateLimits, rateLimitTables } from "./tables.ts";

/** The files of a new application, as text. */

const CLASSES = Object.values(OBJECTS);
const FLAG_LIST = FLAGS.map(({ flag }) => `"${flag}"`).join(", ");

export function wranglerToml(name: string): string {
  return `name = "${name}"
main = "worker.ts"
compatibility_date = "${COMPATIBILITY_DATE}"
compatibility_flags = [${FLAG_LIST}]
# wrangler would otherwise name every closure at run time, which makes the gateway slower
keep_names = false

# The Worker sees every request first: an upgrade on the path of a file would get the file, with status 200.
[assets]
directory = "public"
binding = "ASSETS"
run_worker_first = true

${bindingTables(Object.entries(OBJECTS))}
${migrationTable("v1", CLASSES)}
# Each counts at every location of Cloudflare by itself, over 60 seconds.
${rateLimitTables(missingRateLimits([]))}
[observability]
enabled = true
`;
}

export const WORKER = `import { createGateway } from "poorwill";
import { broadcast, echo } from "poorwill/rooms";
import { chat } from "./chat.ts";

const gateway = createGateway({
  rooms: { chat, echo, broadcast },
  channels: { namespaces: [{ name: "news", history_size: 100, history_ttl: 3600 }] },
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
`;

/**
 * Beside a Worker that is there, everything of the gateway is under one path. Imports have no ending: TypeScript refuses
 * `.ts` unless its settings, which are not ours, allow it.
 */
export function gatewayModule(path: string): string {
  return `import { createGateway } from "poorwill";
import { chat } from "./chat";

export const gateway = createGateway({
  path: "${path}",
  rooms: { chat },
  channels: { namespaces: [{ name: "news", history_size: 100, history_ttl: 3600 }] },
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
`;
}

export const CHAT = `import type { RoomHandler } from "poorwill";

/** A room for everybody who knows its name: /rooms/chat/:room?name=ann */
export const chat: RoomHandler<{ name: string }> = {
  upgrade(request) {
    const name = new URL(request.url).searchParams.get("name");
    return name ? { name } : new Response("who are you?", { status: 401 });
  },
  open(ws, room) {
    ws.subscribe("talk");
    room.publish("talk", \`\${ws.data.name} is here\`);
  },
  message(ws, message, room) {
    if (typeof message === "string") room.publish("talk", \`\${ws.data.name}: \${message}\`);
  },
};
`;

export function page(title: string): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <link rel="icon" href="data:," />
  <title>${title}</title>
  <form><input aria-label="Say something" placeholder="Say something" required autofocus /></form>
  <ul></ul>
  <script type="module">
    const [form, input, list] = ["form", "input", "ul"].map((name) => document.querySelector(name));
    const name = \`guest-\${Math.floor(Math.random() * 1000)}\`;
    const ws = new WebSocket(\`\${location.origin.replace("http", "ws")}/rooms/chat/lobby?name=\${name}\`);
    ws.onmessage = ({ data }) => list.append(Object.assign(document.createElement("li"), { textContent: data }));
    form.onsubmit = (event) => {
      event.preventDefault();
      ws.send(input.value);
      form.reset();
    };
  </script>
</html>
`;
}

export const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2024",
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "lib": ["ES2024"],
    "types": ["@cloudflare/workers-types"],
    "strict": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["*.ts"]
}
`;
