/** What a client sent cannot be read. */
export class MalformedCommand extends Error {}
