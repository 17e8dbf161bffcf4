import { addCommands } from "./commands/all.ts";
import { runProgram } from "./run.ts";

await runProgram("poorwill", addCommands, process.argv);
