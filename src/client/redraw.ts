/** Draws the parts of the page that have changed: one in a frame, with time for input and messages between two of them. */

/** Milliseconds between the end of one part and the next. */
const PAUSE = 50;

const waiting = new Set<() => void>();
let drawnAt = Number.NEGATIVE_INFINITY;
let isScheduled = false;

/**
 * Says that a part of the page has changed. However often it does, it is drawn once, when its turn comes.
 *
 * @param draw draws the part: the same function each time.
 */
export function redraw(draw: () => void): void {
  waiting.add(draw);
  schedule();
}

function schedule(): void {
  if (isScheduled || waiting.size === 0) return;
  isScheduled = true;
  const pause = drawnAt + PAUSE - performance.now();
  if (pause > 0) setTimeout(() => requestAnimationFrame(drawNext), pause);
  else requestAnimationFrame(drawNext);
}

function drawNext(): void {
  const [draw] = waiting;
  try {
    if (draw) waiting.delete(draw);
    draw?.();
  } finally {
    drawnAt = performance.now();
    isScheduled = false;
    schedule();
  }
}
