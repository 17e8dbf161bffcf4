import type { LoadRun } from "./run.ts";

/** Where a run is, as one line. */
export function progressOf({ phase, measured, connections, plan }: LoadRun): string {
  const { p50, p99 } = measured.delivery.percentiles;
  const connected = connections.filter(({ isConnected }) => isConnected).length;
  return [
    phase.padEnd(10),
    `${connected}/${plan.connections} connected`,
    `${measured.acknowledged} published`,
    `${measured.received} delivered`,
    `p50 ${p50.toFixed(1)} ms`,
    `p99 ${p99.toFixed(1)} ms`,
    `${measured.reconnects.total} reconnects`,
  ].join("  ");
}

/** Shows it until the returned function is called: on a terminal in one line, elsewhere now and then a new one. */
export function showProgress(run: LoadRun, terminal: NodeJS.WriteStream): () => void {
  const show = () =>
    terminal.write(
      terminal.isTTY ? `\r\x1b[K${progressOf(run).slice(0, terminal.columns)}` : `${progressOf(run)}\n`,
    );
  const timer = setInterval(show, terminal.isTTY ? 500 : 5000);
  return () => {
    clearInterval(timer);
    if (terminal.isTTY) terminal.write("\r\x1b[K");
  };
}
