import type { Bus } from './bus.js';
import { applyTopology } from './topology.js';

/** Brings lost streams back, once for all who ask at the same time. Does not say whether it could: the next publish shows. */
export class StreamRestorer {
  private repair: Promise<void> | null = null;

  constructor(private readonly bus: Bus) {}

  async restore(): Promise<void> {
    // While the broker is away nothing can be said of its streams, and asking would outlast its absence.
    if (this.bus.state === 'down') return;
    this.repair ??= applyTopology(this.bus)
      .catch(() => undefined)
      .finally(() => {
        this.repair = null;
      });
    await this.repair;
  }
}
