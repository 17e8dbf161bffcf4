import { Centrifuge } from "centrifuge";

const { BACKEND_URL = "http://127.0.0.1:3000", GATEWAY_URL = "http://127.0.0.1:8787" } = process.env;

async function ask(path, body) {
  const response = await fetch(BACKEND_URL + path, { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

async function getToken() {
  const { token } = await ask("/login", { user: "ada" });
  return token;
}

const client = new Centrifuge(`${GATEWAY_URL.replace("http", "ws")}/connection/websocket`, { getToken });
client.on("disconnected", ({ code, reason }) => console.log(code, reason));
const room = client.newSubscription("chat:lobby");
room.on("publication", ({ data }) => console.log(`${data.user}: ${data.text}`));
room.subscribe();
client.connect();
await room.ready();
await ask("/messages", { room: "lobby", user: "ada", text: "hi" });
