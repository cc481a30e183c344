import { appendFileSync } from 'node:fs';
import { withoutSecrets } from '@kintsugi/contracts';
import type { PlatformEvent } from '../platform-options.js';

const troubles = new Set<PlatformEvent['kind']>(['ended', 'sick', 'home_unwritable', 'logs_gone']);

/** Writes what happens to the platform as JSON lines, as its services do. */
export function logEvent(path: string, event: PlatformEvent): void {
  const level = troubles.has(event.kind) ? 'warn' : 'info';
  const line = { level, time: new Date().toISOString(), service: 'supervisor', pid: process.pid, ...event };
  try {
    appendFileSync(path, `${withoutSecrets(JSON.stringify(line))}\n`, { mode: 0o600 });
  } catch {
    // A full disk must not end the supervisor: the services are what matters.
  }
}
