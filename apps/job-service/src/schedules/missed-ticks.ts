import { Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { EventPublisher } from '@kintsugi/messaging';
import { Clock } from '../platform/clock.js';
import type { TickingSchedule } from './domain/schedule.js';
import { Schedules } from './schedules.js';

const againMs = 5_000;

/**
 * Tells of ticks that were missed. How many were told, and up to how many are being told of, stands beside how many there are, so that a
 * crash or an absence of the broker delays the telling, and never the ticks, and none is told of twice.
 */
@Injectable()
export class MissedTicks {
  private readonly untold = new Map<string, TickingSchedule>();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isStopped = false;

  constructor(
    private readonly schedules: Schedules,
    private readonly publisher: EventPublisher,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** A schedule was read, or its ticks were settled. */
  note(schedule: TickingSchedule): void {
    if (schedule.missed <= (schedule.missed_told ?? 0)) return;
    this.untold.set(schedule._id, schedule);
    this.arm(0);
  }

  /** Tells of all that was noted, as far as the broker takes it. */
  async tellAll(): Promise<void> {
    for (const [id, schedule] of [...this.untold]) {
      try {
        await this.tell(id);
        if (this.untold.get(id) === schedule) this.untold.delete(id);
      } catch (error) {
        this.faults.report(error);
        return;
      }
    }
  }

  private arm(inMs: number): void {
    if (this.timer || this.isStopped) return;
    this.timer = after('missed-ticks', inMs, async () => {
      this.running = this.tellAll();
      await this.running;
      this.timer = null;
      if (this.untold.size > 0) this.arm(againMs);
    });
  }

  /** One telling after the other, each of which says the same however often it is made. */
  private async tell(id: string): Promise<void> {
    for (let more = true; more;) {
      const schedule = await this.schedules.beginTelling(id);
      if (!schedule) return;
      const { name, tenant, created_at, missed, missed_told: told = 0, missed_telling: upTo = missed, ...times } = schedule;
      if (upTo <= told) return;
      const [last_tick, next_at] = [times.last_tick, times.next_at].map((time) => time?.toISOString() ?? null);
      await this.publisher.publish({
        ...{ id: `evt_${id}_${created_at.getTime()}_missed_${upTo}`, name: 'schedule.missed', source: '/kintsugi/job-service' },
        ...{ subject: id, time: new Date(this.clock.now()).toISOString() },
        data: {
          schedules: [{ name, tenant, ticks: upTo - told, missed: upTo, last_tick: last_tick ?? null, next_at: next_at ?? null }],
        },
      });
      await this.schedules.noteTold(id, upTo);
      more = missed > upTo;
    }
  }
}
