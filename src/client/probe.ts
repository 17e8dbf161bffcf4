import { byId } from "./dom.ts";

const EVERY_MS = 1_000;

export interface Probe {
  setAvailable(isOpen: boolean, mayEcho: boolean): void;
}

/** The checkbox that sends a numbered message each second, so that round trips can be watched. */
export function bindProbe(send: (text: string) => void): Probe {
  const checkbox = byId("probe", HTMLInputElement);
  const hint = byId("rtt-hint", HTMLElement);
  let isOpen = false;
  let number = 0;
  setInterval(() => {
    if (checkbox.checked && !checkbox.disabled && isOpen) send(`probe ${++number}`);
  }, EVERY_MS);
  return {
    setAvailable(isConnectionOpen, mayEcho) {
      isOpen = isConnectionOpen;
      checkbox.disabled = !mayEcho;
      hint.textContent = mayEcho
        ? "Measured on messages that come back unchanged."
        : "This room answers nobody: there is nothing to measure.";
    },
  };
}
