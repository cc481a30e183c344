import type { LedgerReport } from '@kintsugi/newsletter';
import { setTimeout as delay } from 'node:timers/promises';

const timeoutMs = 5_000;
const pollMs = 100;
/** How long the world may take to start, and its last messages to be written. */
const patienceMs = 20_000;

/** What the mail world has counted, independently of the platform. */
export async function readLedger(port: string): Promise<LedgerReport> {
  const response = await fetch(`http://127.0.0.1:${port}/ledger`, { signal: AbortSignal.timeout(timeoutMs) });
  return (await response.json()) as LedgerReport;
}

/** Waits for the mail world to listen. */
export async function worldIsUp(port: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      await readLedger(port);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(pollMs, undefined, { signal });
  }
}
