/** What was asked could not be done, though the command was called rightly. Its message is all that is printed. */
export class Failure extends Error {}
