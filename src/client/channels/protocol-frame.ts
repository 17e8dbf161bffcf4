/** Frames of the channel protocol, read line by line: each line is a command, a reply or a push. */

export interface FrameLine {
  /** The protocol's own word, such as `subscribe`, `pub` or `ping`. */
  readonly kind: string;
  /** The number that a command and its reply share. */
  readonly id?: number;
  readonly channel?: string;
  /** The body of the command, reply or push. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The line as it crossed the wire. */
  readonly text: string;
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  "sent connect": "Opens the session, with a token where there is one.",
  "sent subscribe": "Asks for a channel; with recover, also for what came after this offset of this epoch.",
  "sent unsubscribe": "Leaves a channel.",
  "sent publish": "Publishes data to a channel.",
  "sent history": "Asks for stored publications.",
  "sent presence": "Asks who is in the channel.",
  "sent pong": "Answers a ping.",
  "received connect": "The session is open: its client id, and how often the server pings.",
  "received subscribe": "The subscription: its position, and what was missed where it recovered.",
  "received unsubscribe": "The channel is left.",
  "received publish": "The publication is accepted.",
  "received history": "The stored publications and the position of the stream.",
  "received presence": "Who is in the channel.",
  "received error": "The command with this id failed.",
  "received pub": "A publication, live.",
  "received join": "A client joined the channel.",
  "received leave": "A client left the channel.",
  "received ping": "The server asks whether this client is still there.",
  "received ack": "The automatic answer to a pong: it wakes no object, and clients ignore it.",
};

/** The lines of a frame. What is not of this protocol is a line of kind `text`. */
export function readFrame(direction: "sent" | "received", frame: string): readonly FrameLine[] {
  return linesOf(frame).map((text) => readLine(direction, text));
}

/** A frame in one word: `subscribe`, or `connect +2` for one of three lines. Only its first line is read. */
export function labelOf(direction: "sent" | "received", frame: string): string {
  const [first, ...more] = linesOf(frame);
  if (first === undefined) return "empty";
  const { kind } = readLine(direction, first);
  return more.length === 0 ? kind : `${kind} +${more.length}`;
}

/** Whether a frame only keeps the connection alive. */
export function isHeartbeat(label: string | undefined): boolean {
  return label === "ping" || label === "pong" || label === "ack";
}

export function explainLine(direction: "sent" | "received", { kind }: FrameLine): string {
  return EXPLANATIONS[`${direction} ${kind}`] ?? "";
}

/** The lines of a frame as they crossed the wire. Empty ones say nothing. */
export function linesOf(frame: string): readonly string[] {
  return frame.split("\n").filter((text) => text.trim() !== "");
}

export function readLine(direction: "sent" | "received", text: string): FrameLine {
  const value = parseObject(text);
  if (!value) return { kind: "text", body: {}, text };
  const { id, push, ...rest } = value;
  if (push !== undefined) return readPush(asObject(push), text);
  const [kind] = Object.keys(rest);
  if (kind === undefined) return { kind: direction === "sent" ? "pong" : "ping", body: {}, text };
  const body = asObject(rest[kind]);
  return {
    kind,
    body,
    text,
    ...(typeof id === "number" && { id }),
    ...(typeof body.channel === "string" && { channel: body.channel }),
  };
}

/** The gateway lets the runtime answer a pong with a push that is empty but for an empty channel. */
function readPush({ channel, ...rest }: Record<string, unknown>, text: string): FrameLine {
  const [kind = "ack"] = Object.keys(rest);
  const body = asObject(rest[kind]);
  return typeof channel === "string" && channel !== "" ? { kind, channel, body, text } : { kind, body, text };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? asObject(value) : undefined;
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
