import { useSyncExternalStore } from 'react';

const everyMs = 5_000;
const staleMs = 1_000;

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all who show how long ago something was: a page may have hundreds of them. */
function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, everyMs);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What comes to be shown between two ticks happened after the last of them. */
function ticking(): number {
  const at = Date.now();
  if (at - now >= staleMs) now = at;
  return now;
}

const silent = (): (() => void) => () => undefined;

/** The time, every few seconds; to whoever does not want it to tick, that of the last tick. */
export function useNow(ticks: boolean): number {
  return useSyncExternalStore(ticks ? listen : silent, ticking);
}
