import type { ProcessHealth } from './fleet-health.js';

/** A target as the service discovery of Prometheus by HTTP takes it. */
export interface ScrapeTarget {
  targets: [address: string];
  labels: { service: string; instance: string };
}

/**
 * So long a process stays a target after it was heard last: one that is killed or hangs must be seen as down, which takes
 * longer than the scrapes and the patience of an alert.
 */
export const rememberedMs = 600_000;

/** Where each process of the platform answers for itself, as far as this one has heard. */
export class ScrapeTargets {
  private readonly heard = new Map<string, { target: ScrapeTarget; at: number }>();

  /** Takes in who answered just now, and gives all that are known, in the same order whoever answers first. */
  note(processes: readonly ProcessHealth[], now: number): ScrapeTarget[] {
    for (const { service, instance, ops } of processes) {
      if (ops !== null) {
        this.heard.set(`${service} ${instance}`, { target: { targets: [ops], labels: { service, instance } }, at: now });
      }
    }
    for (const [name, { at }] of this.heard) if (now - at > rememberedMs) this.heard.delete(name);
    const names = [...this.heard.keys()].sort();
    return names.flatMap((name) => this.heard.get(name)?.target ?? []);
  }
}
