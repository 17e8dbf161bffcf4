/** The command cannot run: what it was given, or what it reads, is wrong. Its message is all that is printed. */
export class UsageError extends Error {}
