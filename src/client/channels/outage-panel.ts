/** The card that takes the network away, and gives it back. */

import { byId } from "../dom.ts";
import { Outage } from "./outage.ts";

const OUTAGE_MS = 4_000;
const COUNTDOWN_MS = 100;

const dropButton = byId("drop", HTMLButtonElement);
const stayOffline = byId("stay-offline", HTMLInputElement);
const banner = byId("outage", HTMLElement);

export interface OutagePanel {
  readonly outage: Outage;
  drop(): void;
  /** Whether there is a connection to drop. */
  enable(isConnected: boolean): void;
}

/**
 * @param cut loses the connection.
 * @param retry is called when the network is back, so that nobody waits for the next attempt.
 */
export function bindOutagePanel(cut: () => void, retry: () => void): OutagePanel {
  const outage = new Outage(showOutage);

  function showOutage(): void {
    banner.hidden = !outage.isOn;
    byId("outage-text", HTMLElement).textContent = describe(outage);
  }

  function drop(): void {
    if (dropButton.disabled) return;
    outage.begin(OUTAGE_MS);
    cut();
  }

  dropButton.addEventListener("click", drop);
  stayOffline.addEventListener("change", () => outage.hold(stayOffline.checked));
  byId("back-now", HTMLButtonElement).addEventListener("click", () => {
    outage.end();
    retry();
  });
  setInterval(() => outage.isOn && showOutage(), COUNTDOWN_MS);
  outage.hold(stayOffline.checked);
  return {
    outage,
    drop,
    enable(isConnected) {
      dropButton.disabled = !isConnected;
    },
  };
}

function describe({ remaining }: Outage): string {
  return Number.isFinite(remaining)
    ? `Offline, back in ${(remaining / 1_000).toFixed(1)} s`
    : "Offline until you say so";
}
