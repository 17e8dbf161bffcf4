import { linesOf } from "./lines.ts";

/** Writes a line to the driver: an answer, or an event. */
export function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Carries out the commands of the driver, each as soon as it has come, and answers them. */
export async function serve<Command extends { readonly id: number }>(
  obey: (command: Command) => Promise<unknown>,
): Promise<void> {
  for await (const line of linesOf(process.stdin)) {
    const command = JSON.parse(line) as Command;
    obey(command).then(
      (result = null) => write({ id: command.id, result }),
      ({ code = 0, message }: { code?: number; message: string }) =>
        write({ id: command.id, error: { code, message } }),
    );
  }
}
