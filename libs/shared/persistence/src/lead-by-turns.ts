import { setTimeout as delay } from 'node:timers/promises';
import { Leadership, type LeadershipOptions } from './leadership.js';
import type { Store } from './store.js';

const stopTimeoutMs = 3_000;

/**
 * Runs `lead` whenever this replica leads the role, until it is stopped; the signal that `lead` gets ends with the lead or
 * with the stop. Resolves after the stop, with the lease given back.
 */
export async function leadByTurns(
  store: Store,
  options: Pick<LeadershipOptions, 'role' | 'holder'>,
  stopped: AbortSignal,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!stopped.aborted) {
    const lost = new AbortController();
    const leadership = new Leadership(store, { ...options, onLost: () => lost.abort() });
    const leads = await leadership.acquire(stopped).then(
      () => true,
      () => false,
    );
    if (!leads) return;
    await lead(AbortSignal.any([stopped, lost.signal]));
    await leadership.release();
  }
}

export interface Leading {
  /** Ends the lead and gives the lease back. What is under way is not waited for longer than some seconds. */
  stop: () => Promise<void>;
}

/** Leads a role by turns from now on, beside whatever else the process does. */
export function startLeading(
  store: Store,
  options: Pick<LeadershipOptions, 'role' | 'holder'>,
  lead: (signal: AbortSignal) => Promise<void>,
  onFault: (error: unknown) => void,
): Leading {
  const stopping = new AbortController();
  const running = leadByTurns(store, options, stopping.signal, lead).catch(onFault);
  return {
    async stop() {
      stopping.abort();
      await Promise.race([running, delay(stopTimeoutMs, undefined, { ref: false })]);
    },
  };
}
