import { appendFileSync } from 'node:fs';
import type { PlatformEvent } from '../platform-options.js';

/** Writes what happens to the platform as JSON lines, as its services do. */
export function logEvent(path: string, event: PlatformEvent): void {
  const level = event.kind === 'ended' || event.kind === 'sick' ? 'warn' : 'info';
  const line = { level, time: new Date().toISOString(), service: 'supervisor', pid: process.pid, ...event };
  try {
    appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch {
    // A full disk must not end the supervisor: the services are what matters.
  }
}
