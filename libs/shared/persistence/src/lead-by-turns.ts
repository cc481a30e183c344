import { Leadership, type LeadershipOptions } from './leadership.js';
import type { Store } from './store.js';

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
