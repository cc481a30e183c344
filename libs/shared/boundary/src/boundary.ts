import { noteEscaped } from './escaped-faults.js';

/**
 * The edge of what is called by a bus, a driver, a timer or a stream. What is thrown past it would end the process, or the
 * loop of the library that called: it is counted and told under `kind` instead, and so is the rejection of a promise that
 * nobody awaits. A kind is a name in the code, never an id or anything else that a message says.
 */
export function guarded<Given extends unknown[]>(
  kind: string,
  callback: (...given: Given) => unknown,
): (...given: Given) => void {
  return (...given) => {
    try {
      const result = callback(...given);
      if (result instanceof Promise) result.catch((error: unknown) => noteEscaped(kind, error));
    } catch (error) {
      noteEscaped(kind, error);
    }
  };
}

/** Starts work that nobody awaits. */
export function inBackground(kind: string, work: () => unknown): void {
  guarded(kind, work)();
}

/** Runs a callback again and again, as setInterval does. */
export function every(kind: string, intervalMs: number, callback: () => unknown): NodeJS.Timeout {
  return setInterval(guarded(kind, callback), intervalMs);
}

/** Runs a callback once, as setTimeout does. */
export function after(kind: string, delayMs: number, callback: () => unknown): NodeJS.Timeout {
  return setTimeout(guarded(kind, callback), delayMs);
}

/** Runs a callback after the current turn of the event loop, as setImmediate does. */
export function soon(kind: string, callback: () => unknown): void {
  setImmediate(guarded(kind, callback));
}
