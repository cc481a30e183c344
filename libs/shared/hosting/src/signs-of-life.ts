import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { every, guarded } from '@kintsugi/boundary';

/** The line that a supervisor opens for it, beside the three that every process has. */
const descriptor = 3;
const signEveryMs = 2_000;

/** Tells the supervisor from the event loop that it turns, where the supervisor has opened a line for that. */
export function giveSignsOfLife(): void {
  if (!isLine()) return;
  const line = new Socket({ fd: descriptor, readable: false, writable: true });
  line.on(
    'error',
    guarded('signs-of-life', () => undefined),
  );
  line.unref();
  every('signs-of-life', signEveryMs, () => {
    // A supervisor that is paused reads nothing: one sign waits for it at most.
    if (line.writableLength === 0) line.write('.');
  }).unref();
}

/** Without a supervisor the number may be of anything, such as a file of Node.js itself: only a socket is the line. */
function isLine(): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}
