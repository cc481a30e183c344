import { hostname } from 'node:os';
import { every } from '@kintsugi/boundary';
import { subjects, type UsageSample } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
import type { HeldLease } from './held-lease.js';
import { steadyNow } from './steady-now.js';
import { UsageMeter } from './usage-meter.js';

/** A worker that has had nothing to do tells so less often. */
const idleTurns = 6;

export interface SamplerParts {
  workerId: string;
  slots: () => number;
  /** 0: nothing is measured. */
  everyMs: number;
  leases: () => Iterable<HeldLease>;
}

/** Measures this process and tells what it and its jobs use, one message for all of them. A sample that gets lost stays lost. */
export class UsageSampler {
  readonly meter = new UsageMeter(steadyNow());
  private timer: NodeJS.Timeout | null = null;
  private since = steadyNow();
  private cpu = process.cpuUsage();
  private loop = performance.eventLoopUtilization();
  private idle = 0;

  constructor(private readonly parts: SamplerParts) {}

  start(bus: Pick<Bus, 'publish' | 'state'>): void {
    const { everyMs } = this.parts;
    if (everyMs > 0) this.timer = every('worker.sample', everyMs, () => this.tell(bus)).unref();
  }

  stop(bus: Pick<Bus, 'publish' | 'state'>): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.tell(bus);
  }

  private tell(bus: Pick<Bus, 'publish' | 'state'>): void {
    const { workerId, slots, leases } = this.parts;
    const now = steadyNow();
    const { user, system } = process.cpuUsage(this.cpu);
    const loopNow = performance.eventLoopUtilization();
    const use = {
      spanMs: now - this.since,
      cpuMs: (user + system) / 1_000,
      memoryMib: process.memoryUsage.rss() / 1024 ** 2,
      loopShare: performance.eventLoopUtilization(loopNow, this.loop).utilization,
    };
    const isIdle = this.meter.isIdle(leases());
    this.idle = isIdle ? this.idle + 1 : 0;
    if (isIdle && this.idle % idleTurns !== 1) return;
    const sample: UsageSample = {
      v: 1,
      worker_id: workerId,
      host: hostname(),
      slots: slots(),
      ...this.meter.sample(leases(), now, use),
    };
    this.since = now;
    this.cpu = process.cpuUsage();
    this.loop = loopNow;
    if (bus.state === 'up') bus.publish(subjects.samples, JSON.stringify(sample));
  }
}
