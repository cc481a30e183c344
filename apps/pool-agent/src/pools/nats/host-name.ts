import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { every } from '@kintsugi/boundary';
import { subjects, type PoolHostReport } from '@kintsugi/contracts';
import { SETTINGS, SettingsError, understood } from '@kintsugi/hosting';
import { Bus, askAll, respond, type Msg } from '@kintsugi/messaging';
import type { PoolAgentSettings } from '../../pool-agent.config.js';
import { Clock } from '../../platform/clock.js';
import { keepHost, recallHost } from '../../slots/kept-host.js';
import { PoolFolder } from '../../slots/pool-folder.js';
import { SlotBook } from '../../slots/slot-book.js';

const reportMs = 2_000;
/** For how long one that listens, and so may have the name, may take to say so. */
const holderMs = 5_000;
const claimMs = 300;

const claimSchema = z.object({ id: z.string(), instance: z.string(), taken_at: z.number().nullable() });

type Claim = z.output<typeof claimSchema>;

/** The name by which this host is asked, which one agent of the platform has, and by which it tells what is there. */
@Injectable()
export class HostName {
  private readonly id = randomUUID();
  /** Null as long as it is not this one's. */
  private takenAt: number | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly folder: PoolFolder,
    private readonly book: SlotBook,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: PoolAgentSettings,
  ) {}

  /** Rejects while another agent has the name. */
  async requireFree(): Promise<void> {
    const isKept = await recallHost(this.folder, this.settings.POOL_HOST);
    // Where nobody listens this is answered at once.
    const asked = askAll(this.bus, subjects.poolHost(this.folder.host), {
      timeoutMs: holderMs,
      enough: ({ length }) => length > 0,
    });
    const [first] = understood(claimSchema, await asked);
    if (first) throw this.taken(first, isKept);
  }

  /**
   * Takes the name that is free; of two that start at once, one gets it, and the other rejects. The folder, which has to be this one's, keeps it.
   * @param onLost called where another one has taken it, while this one was not to be heard: requests are that one's
   */
  async take(onLost: (instance: string) => void): Promise<void> {
    const isKept = await recallHost(this.folder, this.settings.POOL_HOST);
    const subject = subjects.poolHost(this.folder.host);
    const own = this.bus.subscribe(subject, (message) => {
      if (message.data.length === 0) respond(message, JSON.stringify(this.claim()));
      else this.hearOther(message, onLost);
    });
    // Whoever has asked at the same moment listens by then, so that each of the two hears of the other.
    await delay(claimMs);
    const others = understood(claimSchema, await askAll(this.bus, subject, { timeoutMs: claimMs }));
    const winner = others.find(({ id, taken_at }) => id !== this.id && (taken_at !== null || id < this.id));
    if (winner) {
      own.unsubscribe();
      throw this.taken(winner, isKept);
    }
    this.takenAt = this.clock.now();
    if (!isKept) await keepHost(this.folder);
  }

  /** Tells from now on what is there, and whose the name is. */
  announce(): void {
    this.bus.subscribe(subjects.poolRollCall, (message) => respond(message, this.report()));
    const publish = (): void => {
      this.bus.publish(subjects.poolHosts, this.report());
      this.bus.publish(subjects.poolHost(this.folder.host), JSON.stringify(this.claim()));
    };
    publish();
    this.timer = every('pool-host', reportMs, publish);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** Who could not be heard when another one took the name has lost it: of two, the later one has it. */
  private hearOther(message: Msg, onLost: (instance: string) => void): void {
    const [other] = understood(claimSchema, [message]);
    if (this.timer === null || this.takenAt === null || !other || other.id === this.id || other.taken_at === null) return;
    const isLater = other.taken_at > this.takenAt || (other.taken_at === this.takenAt && other.id > this.id);
    if (!isLater) return;
    this.stop();
    onLost(other.instance);
  }

  private taken({ instance }: Claim, isKept: boolean): SettingsError {
    const { host, root } = this.folder;
    const first = isKept ? `, once host.json is removed from ${root}` : '';
    return new SettingsError(
      `Another agent of pools, ${instance}, is the host ${host} of this platform. End it, or give this one another name with POOL_HOST${first}.`,
    );
  }

  private claim(): Claim {
    return { id: this.id, instance: this.settings.INSTANCE_ID, taken_at: this.takenAt };
  }

  private report(): string {
    const report: PoolHostReport = { host: this.folder.host, pools: this.book.allPools().map(({ name }) => name) };
    return JSON.stringify(report);
  }
}
