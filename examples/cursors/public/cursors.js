/** A position is sent this often, in milliseconds; the page's style lets pointers glide in between. */
const INTERVAL = 40;

const room = new URLSearchParams(location.search).get("room") ?? "lobby";
const address = `${location.origin.replace("http", "ws")}/rooms/cursors/${encodeURIComponent(room)}`;
const status = document.querySelector("#status");
/** The pointers of the others, by the id of their connection. */
const others = new Map();
let ws = connect();
/** Where the own pointer is. */
let pointer;
let isDue = false;

addEventListener("pointermove", ({ clientX, clientY }) => {
  pointer = { x: clientX / innerWidth, y: clientY / innerHeight };
  if (!isDue) setTimeout(send, INTERVAL);
  isDue = true;
});

function connect() {
  const socket = new WebSocket(address);
  socket.onopen = () => {
    tell();
    // Whoever comes back is a newcomer to the others.
    if (pointer) send();
  };
  socket.onmessage = ({ data }) => move(JSON.parse(data));
  socket.onclose = () => {
    for (const id of others.keys()) leave(id);
    status.textContent = "connecting …";
    setTimeout(
      () => {
        ws = connect();
      },
      1000 + Math.random() * 2000,
    );
  };
  return socket;
}

function send() {
  isDue = false;
  if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify(pointer));
}

function move({ id, x, y, left }) {
  if (left) leave(id);
  else (others.get(id) ?? newcomer(id)).style.translate = `${x * 100}vw ${y * 100}vh`;
  tell();
}

function newcomer(id) {
  const cursor = document.createElement("div");
  cursor.style.setProperty("--hue", Number.parseInt(id.slice(0, 6), 16) % 360);
  others.set(id, cursor);
  document.querySelector("#cursors").append(cursor);
  return cursor;
}

function leave(id) {
  others.get(id)?.remove();
  others.delete(id);
}

function tell() {
  status.textContent =
    others.size === 0 ? "Open this page in another window." : `Others here: ${others.size}`;
}
