import { Centrifuge } from "centrifuge";

const id = new URLSearchParams(location.search).get("order") ?? "1";
const [number, list, kitchen, connection] = ["number", "steps", "kitchen", "status"].map((name) =>
  document.getElementById(name),
);
number.textContent = id;

const { steps } = await load();
for (const step of steps) {
  list.append(Object.assign(document.createElement("li"), { textContent: step }));
  kitchen.append(Object.assign(document.createElement("button"), { type: "button", textContent: step }));
}
kitchen.onclick = ({ target }) => {
  if (target.type === "button") return fetch(`/orders/${id}`, { method: "PUT", body: target.textContent });
};

const client = new Centrifuge(`${location.origin.replace("http", "ws")}/realtime/connection/websocket`);
client.on("connecting", () => tell("connecting …"));
client.on("disconnected", ({ reason }) => tell(reason));
const order = client.newSubscription(`order:${id}`);
order.on("subscribed", async ({ recovered }) => {
  tell("live");
  // The application knows how far the order is. What was missed while away comes by itself.
  if (!recovered) show((await load()).status);
});
order.on("publication", ({ data }) => show(data.status));
order.subscribe();
client.connect();

async function load() {
  return (await fetch(`/orders/${id}`)).json();
}

function show(status) {
  [...list.children].forEach((item, index) => {
    item.classList.toggle("done", index <= steps.indexOf(status));
    item.ariaCurrent = item.textContent === status ? "step" : null;
  });
}

function tell(text) {
  connection.textContent = text;
}
