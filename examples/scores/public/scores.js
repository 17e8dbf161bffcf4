import { Centrifuge } from "centrifuge";

const part = (id) => document.getElementById(id);
const client = new Centrifuge(`${location.origin.replace("http", "ws")}/connection/websocket`);
client.on("connecting", () => tell("connecting …"));
client.on("connected", () => tell("live"));
client.on("disconnected", ({ reason }) => tell(reason));

const score = client.newSubscription("score:final");
score.on("publication", ({ data: { teams, goals, minute, isOver } }) => {
  [part("home").textContent, part("away").textContent] = teams;
  part("score").textContent = goals.join(" : ");
  part("minute").textContent = isOver ? "Full time" : `${minute}'`;
});
score.subscribe();
client.connect();

function tell(text) {
  part("status").textContent = text;
}
