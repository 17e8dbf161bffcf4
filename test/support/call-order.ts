import { type Profiler, Session } from "node:inspector/promises";

/** A function of the product, and its file from the root of the repository on. */
export interface Called {
  readonly file: string;
  readonly name: string;
}

/** What was executed, where V8 has it. */
interface Executed extends Called {
  readonly scriptId: string;
  readonly start: number;
  readonly end: number;
}

const PRODUCT = /\/((?:src|durable-objects)\/.+\.ts)$/;
/** What the conditions of the breakpoints call. */
const NOTE = "noteCallOfProduct";

/**
 * The functions of the product that `work` calls, in the order of their first calls. It runs twice, the first time to
 * learn which functions it calls: V8's coverage knows no order. Then each of them gets a breakpoint whose condition
 * notes the call and is never true.
 */
export async function callOrder(work: () => Promise<void>): Promise<Called[]> {
  const session = new Session();
  session.connect();
  try {
    return await orderOf(session, await executedBy(session, work), work);
  } finally {
    session.disconnect();
  }
}

async function executedBy(session: Session, work: () => Promise<void>): Promise<Executed[]> {
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  // From here on: what was executed before does not count.
  await session.post("Profiler.takePreciseCoverage");
  await work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  await session.post("Profiler.stopPreciseCoverage");
  return result.flatMap(executedOf);
}

/** Of what has no name, part is made by Vite, to read exports. A callback runs in a file of which something else ran before. */
function executedOf({ url, scriptId, functions }: Profiler.ScriptCoverage): Executed[] {
  const file = PRODUCT.exec(url)?.[1];
  if (file === undefined) return [];
  return functions.flatMap(({ functionName: name, ranges: [range] }) =>
    name === "" || range === undefined || range.count === 0
      ? []
      : [{ file, name, scriptId, start: range.startOffset, end: range.endOffset }],
  );
}

async function orderOf(
  session: Session,
  executed: readonly Executed[],
  work: () => Promise<void>,
): Promise<Called[]> {
  const called = new Set<number>();
  Object.assign(globalThis, { [NOTE]: (index: number) => void called.add(index) });
  await session.post("Debugger.enable");
  for (const [index, place] of executed.entries()) await watchCalls(session, place, `${NOTE}(${index})`);
  await work();
  await session.post("Debugger.disable");
  return [...called].flatMap((index) => executed[index] ?? []);
}

async function watchCalls(
  session: Session,
  { scriptId, start, end }: Executed,
  condition: string,
): Promise<void> {
  const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
  const { locations } = await session.post("Debugger.getPossibleBreakpoints", {
    start: { scriptId, ...placeOf(scriptSource, start) },
    end: { scriptId, ...placeOf(scriptSource, end) },
    restrictToFunction: true,
  });
  const [location] = locations;
  // There is none in what V8 makes by itself, as for the fields of a class.
  if (location) await session.post("Debugger.setBreakpoint", { location, condition });
}

function placeOf(
  source: string,
  offset: number,
): { readonly lineNumber: number; readonly columnNumber: number } {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { lineNumber: before.split("\n").length - 1, columnNumber: offset - lineStart };
}
