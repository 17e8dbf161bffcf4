import {
  API_REFUSALS,
  type CloseDefinition,
  DISCONNECTS,
  ERRORS,
  HTTP_ERRORS,
  type HttpErrorDefinition,
  type ProtocolError,
  ROOM_CLOSES,
  UNSUBSCRIBES,
} from "../../src/shared/codes.ts";
import {
  API_REFUSAL_NOTES,
  DISCONNECT_NOTES,
  ERROR_NOTES,
  HTTP_ERROR_NOTES,
  ROOM_CLOSE_NOTES,
  UNSUBSCRIBE_NOTES,
} from "./code-notes.ts";
import { table } from "./table.ts";

type Notes = Readonly<Record<string, string>>;

/** docs/codes.md */
export function codesPage(): string {
  return `# Codes

Every code that the gateway answers with. They stand in \`src/shared/codes.ts\`; this page is made from that file by
\`npm run docs\`. A hook or a backend may answer with codes of its own: errors from 400 to 1999 (or one of these), closes from 4000 to 4999.

## HTTP

A request that is refused is answered with \`{"error":{"code","message"}}\`, before there is a WebSocket. Browsers tell a page
only that the connection failed; SDKs connect again with a growing delay.

${httpErrors(HTTP_ERRORS, HTTP_ERROR_NOTES)}

A request to the [server API](api.md) that is no command is refused in plain text; the message is the whole body. A
command that fails is answered with 200 and an error, as below.

${refusals(API_REFUSALS, API_REFUSAL_NOTES)}

## Errors in replies

The command failed, and the connection goes on. After an error in the reply to \`connect\`, the
connection cannot be used.

${errors(ERRORS, ERROR_NOTES)}

## Closes of the channel protocol

SDKs connect again after codes from 3000 to 3499 and from 4000 to 4499, and do not after 3500 to 3999 and 4500 to 4999.
Where no close arrives at all (1006: a crash, a deploy, a lost network), they connect again.

${closes(DISCONNECTS, DISCONNECT_NOTES)}

## Ends of subscriptions

Pushed as \`unsubscribe\`; the connection goes on. After codes from 2500 on, SDKs subscribe again, and recover.

${closes(UNSUBSCRIBES, UNSUBSCRIBE_NOTES)}

## Closes of plain rooms

"Comes back" says whether connecting again makes sense: a plain WebSocket does not do so by itself.

${closes(ROOM_CLOSES, ROOM_CLOSE_NOTES)}
`;
}

function httpErrors(registry: Readonly<Record<string, HttpErrorDefinition>>, notes: Notes): string {
  const rows = Object.entries(registry).map(([code, { status, message }]) => [
    `\`${code}\``,
    String(status),
    message,
    notes[code] ?? "",
  ]);
  return table(["Code", "Status", "Message", "When"], rows);
}

function refusals(registry: Readonly<Record<string, HttpErrorDefinition>>, notes: Notes): string {
  const rows = Object.entries(registry).map(([name, { status, message }]) => [
    String(status),
    message,
    notes[name] ?? "",
  ]);
  return table(["Status", "Message", "When"], rows);
}

function errors(registry: Readonly<Record<string, ProtocolError>>, notes: Notes): string {
  const rows = Object.entries(registry).map(([name, { code, message, temporary }]) => [
    String(code),
    message,
    notes[name] ?? "",
    temporary ? "yes" : name === "tokenExpired" ? "with a new token" : "no",
  ]);
  return table(["Code", "Message", "When", "SDK tries again"], rows);
}

function closes(registry: Readonly<Record<string, CloseDefinition>>, notes: Notes): string {
  const rows = Object.entries(registry).map(([name, { code, reason, reconnect }]) => [
    String(code),
    reason === "" ? "(none)" : reason,
    notes[name] ?? "",
    reconnect ? "yes" : "no",
  ]);
  return table(["Code", "Reason", "When", "Comes back"], rows);
}
