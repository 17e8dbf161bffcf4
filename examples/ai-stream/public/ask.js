import { Centrifuge } from "centrifuge";

const [question, answer, status] = ["question", "answer", "status"].map((id) => document.getElementById(id));
const form = document.querySelector("form");
const client = new Centrifuge(`${location.origin.replace("http", "ws")}/connection/websocket`);
client.on("disconnected", ({ reason }) => tell(reason));
client.connect();

// The address names the answer, so a reload shows it again.
if (location.hash) follow(location.hash.slice(1));

form.onsubmit = async (event) => {
  event.preventDefault();
  const id = crypto.randomUUID();
  const { ok } = await fetch(`/rooms/answer/${id}`, { method: "POST", body: form.elements.question.value });
  if (!ok) return tell("The question was not taken. Ask again.");
  form.reset();
  history.pushState(null, "", `#${id}`);
  return follow(id);
};

/** Shows an answer from its first token on, and goes on as it is written. */
function follow(id) {
  for (const subscription of Object.values(client.subscriptions())) client.removeSubscription(subscription);
  question.textContent = answer.textContent = "";
  tell("thinking …");
  // Everything after offset 0 is everything.
  const subscription = client.newSubscription(`answer:${id}`, { since: { offset: 0, epoch: "" } });
  subscription.on("publication", ({ data }) => show(data));
  subscription.on("unsubscribed", ({ reason }) => tell(reason));
  subscription.subscribe();
}

function show(data) {
  if (data.question) question.textContent = data.question;
  if (data.token) answer.append(data.token);
  tell({ done: "", failed: "The model has failed." }[data.end] ?? "writing …");
}

function tell(text) {
  status.textContent = text;
}
