import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { every } from '@kintsugi/boundary';
import { subjects, type PoolHostReport } from '@kintsugi/contracts';
import { SETTINGS, SettingsError, understood } from '@kintsugi/hosting';
import { Bus, askAll, respond } from '@kintsugi/messaging';
import type { PoolAgentSettings } from '../../pool-agent.config.js';
import { SlotBook } from '../../slots/slot-book.js';

const reportMs = 2_000;
/** For how long one that listens, and so may have the name, may take to say so. */
const holderMs = 5_000;
const claimMs = 300;

const claimSchema = z.object({ id: z.string(), instance: z.string(), isHeld: z.boolean() });

type Claim = z.output<typeof claimSchema>;

/** The name by which this host is asked, which one agent of the platform has, and by which it tells what is there. */
@Injectable()
export class HostName {
  private readonly id = randomUUID();
  private isHeld = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly book: SlotBook,
    @Inject(SETTINGS) private readonly settings: PoolAgentSettings,
  ) {}

  /** Rejects while another agent has the name. Of two that start at once, one gets it. */
  async take(): Promise<void> {
    const { POOL_HOST: host } = this.settings;
    const subject = subjects.poolHost(host);
    // Where nobody listens this is answered at once.
    const before = await askAll(this.bus, subject, { timeoutMs: holderMs, enough: ({ length }) => length > 0 });
    const [first] = understood(claimSchema, before);
    if (first) throw this.taken(first);
    const own = this.bus.subscribe(subject, (message) => respond(message, JSON.stringify(this.claim())));
    // Whoever has asked at the same moment listens by then, so that each of the two hears of the other.
    await delay(claimMs);
    const others = understood(claimSchema, await askAll(this.bus, subject, { timeoutMs: claimMs }));
    const winner = others.find(({ id, isHeld }) => id !== this.id && (isHeld || id < this.id));
    if (winner) {
      own.unsubscribe();
      throw this.taken(winner);
    }
    this.isHeld = true;
  }

  /** Tells from now on what is there. */
  announce(): void {
    this.bus.subscribe(subjects.poolRollCall, (message) => respond(message, this.report()));
    const publish = (): void => this.bus.publish(subjects.poolHosts, this.report());
    publish();
    this.timer = every('pool-host', reportMs, publish);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private taken({ instance }: Claim): SettingsError {
    const { POOL_HOST: host } = this.settings;
    return new SettingsError(
      `Another agent of pools, ${instance}, is the host ${host} of this platform. End it, or give this one another name with POOL_HOST.`,
    );
  }

  private claim(): Claim {
    return { id: this.id, instance: this.settings.INSTANCE_ID, isHeld: this.isHeld };
  }

  private report(): string {
    const report: PoolHostReport = { host: this.book.host, pools: this.book.allPools().map(({ name }) => name) };
    return JSON.stringify(report);
  }
}
