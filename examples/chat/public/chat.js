import { Centrifuge } from "centrifuge";

const MOST_SHOWN = 200;
const address = `${location.origin.replace("http", "ws")}/connection/websocket`;
const find = (selector) => document.querySelector(selector);
const [messages, members, status] = ["#messages", "#members", "#status"].map(find);
const tell = (text) => {
  status.textContent = text;
};

const known = sessionStorage.getItem("name");
if (known) enter(known);
else find("#welcome").showModal();

find("#join").onsubmit = () => {
  sessionStorage.setItem("name", find("#name").value);
  enter(find("#name").value);
};

/** Joins the chat under a name, until the page is left. */
function enter(name) {
  const client = new Centrifuge(address, { data: { name } });
  const chat = client.newSubscription("chat:lobby", { joinLeave: true });
  client.on("connecting", () => tell("connecting …"));
  client.on("disconnected", ({ reason }) => {
    tell(reason);
    find("#welcome").showModal();
  });

  chat.on("subscribed", async ({ wasRecovering, recovered }) => {
    tell(`you are ${name}`);
    if (wasRecovering && !recovered) messages.replaceChildren();
    await showMembers(chat);
    // What was missed comes by itself, where it is still kept.
    if (!recovered) await showHistory(chat, name);
  });
  chat.on("publication", (publication) => show(publication, name));
  for (const event of ["join", "leave"]) chat.on(event, () => showMembers(chat));

  find("#say").onsubmit = async (event) => {
    event.preventDefault();
    const text = find("#text");
    try {
      await chat.publish(text.value);
      text.value = "";
    } catch ({ message }) {
      tell(message);
    }
  };
  chat.subscribe();
  client.connect();
}

async function showHistory(chat, name) {
  // Where the connection was lost, the next "subscribed" asks again.
  const history = await chat.history({ limit: 100, reverse: true }).catch(console.warn);
  for (const publication of history?.publications ?? []) show(publication, name);
}

/** Events may be lost with a connection, so they are only a reason to ask who is here. */
async function showMembers(chat) {
  const { clients } = await chat.presence().catch(() => ({ clients: {} }));
  const names = new Set(Object.values(clients).map(({ user }) => user));
  members.replaceChildren(...[...names].sort().map((name) => element("li", name)));
}

/** Puts a message in its place. History and live messages may come in any order, and twice: the offset says which is which. */
function show({ offset, data, info }, name) {
  const items = [...messages.children];
  if (items.some(({ value }) => value === offset)) return;
  const item = element("li", element("strong", info.user), element("span", data));
  item.value = offset;
  item.classList.toggle("own", info.user === name);
  messages.insertBefore(item, items.find(({ value }) => value > offset) ?? null);
  if (items.length >= MOST_SHOWN) messages.firstChild.remove();
  item.scrollIntoView({ block: "end" });
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
