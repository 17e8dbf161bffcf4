/** Where a kind that ships is turned on: in a copy of the repository, and with the package. */
const PLACE = "the gateway's configuration (src/config.ts, or channels of createGateway)";

/** @param kind one of the room kinds that ship. */
export function howToTurnOn(kind: string): string {
  return `write rooms: { public: ["${kind}"] } into ${PLACE}, and deploy.`;
}
