import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { Failure } from "./failure.ts";
import { UsageError } from "./usage-error.ts";

/** What a shell is told: something is wrong, or could not be done, or the command was called wrongly. */
export const EXIT = { wrong: 1, usage: 2 } as const;

/** Runs the command line, and sets the exit status. */
export async function runProgram(
  name: string,
  describe: (program: Command) => void,
  argv: readonly string[],
): Promise<void> {
  // Who reads may have read enough, as `head` has: then there is nobody to write for.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  const program = new Command(name)
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError("(--help says more)");
  describe(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = statusOf(error);
    if (error instanceof UsageError || error instanceof Failure) console.error(`${name}: ${error.message}`);
    // The stack alone: Node would print the line of the bundle too, which is all of it.
    else if (!(error instanceof CommanderError)) console.error(error);
  }
}

/** Commander throws for `--help` too, with status 0, and has printed what there is to say. */
function statusOf(error: unknown): number {
  if (error instanceof Failure) return EXIT.wrong;
  return error instanceof CommanderError && error.exitCode === 0 ? 0 : EXIT.usage;
}
