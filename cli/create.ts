/** `npm create poorwill my-app`: the command `init`, under the name that npm looks for. */
import { describeInit } from "./commands/init.ts";
import { runProgram } from "./run.ts";

await runProgram("create-poorwill", (program) => describeInit(program, "npm create poorwill"), process.argv);
