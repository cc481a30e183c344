import { setTimeout as delay } from 'node:timers/promises';
import { leadByTurns, type Leading } from './lead-by-turns.js';
import type { LeadershipOptions } from './leadership.js';
import type { Store } from './store.js';

type Lead = (signal: AbortSignal) => Promise<void>;

const stopMsMax = 3_000;

/** One lease for all the works that one replica of a service does for the others: each lease costs a durable write a second. */
export class SharedLead {
  private readonly works = new Set<Work>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  /** Ends with the lead; null while another replica leads. */
  private signal: AbortSignal | null = null;

  constructor(
    private readonly store: Store,
    private readonly options: Pick<LeadershipOptions, 'role' | 'holder'>,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /**
   * Runs `lead` whenever this replica leads, from now on, until it is stopped; the signal that it gets ends with the lead or with
   * the stop. The lease is given back once the last work has stopped.
   * @param stopMs how long a stop waits for what is under way
   */
  join(lead: Lead, onFault: (error: unknown) => void, stopMs = stopMsMax): Leading {
    const work = new Work(lead, onFault);
    this.works.add(work);
    if (this.signal) work.begin(this.signal);
    this.running ??= leadByTurns(this.store, this.options, this.stopping.signal, (signal) => this.lead(signal)).catch(
      this.onFault,
    );
    return { stop: () => this.stop(work, stopMs) };
  }

  private async lead(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    for (const work of this.works) work.begin(signal);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.signal = null;
    await Promise.all([...this.works].map(({ ended }) => ended));
  }

  private async stop(work: Work, stopMs: number): Promise<void> {
    await Promise.race([work.stop(), delay(stopMs, undefined, { ref: false })]);
    this.works.delete(work);
    if (this.works.size > 0) return;
    this.stopping.abort();
    await Promise.race([this.running, delay(stopMsMax, undefined, { ref: false })]);
  }
}

class Work {
  ended: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly lead: Lead,
    private readonly onFault: (error: unknown) => void,
  ) {}

  begin(signal: AbortSignal): void {
    if (!this.stopping.signal.aborted) {
      this.ended = this.lead(AbortSignal.any([signal, this.stopping.signal])).catch(this.onFault);
    }
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return this.ended;
  }
}
