import type { Schedule, TickingSchedule } from './domain/schedule.js';
import type { ScheduleEdit, Schedules, Settlement } from './schedules.js';

/** The schedules in memory, for specs. */
export class SchedulesInMemory implements Schedules {
  readonly stored = new Map<string, Schedule>();

  ticking(): Promise<TickingSchedule[]> {
    return Promise.resolve([...this.stored.values()]);
  }

  async *behind(id: string, tenant: string | null): AsyncIterable<Schedule> {
    const stored = [...this.stored.values()].sort((one, other) => (one._id < other._id ? -1 : 1));
    for (const schedule of stored) if (schedule._id > id && (tenant ?? schedule.tenant) === schedule.tenant) yield schedule;
  }

  find(id: string): Promise<Schedule | null> {
    return Promise.resolve(this.stored.get(id) ?? null);
  }

  count(): Promise<number> {
    return Promise.resolve(this.stored.size);
  }

  create(schedule: Schedule): Promise<boolean> {
    if (this.stored.has(schedule._id)) return Promise.resolve(false);
    this.stored.set(schedule._id, schedule);
    return Promise.resolve(true);
  }

  edit(id: string, editOf: (schedule: Schedule) => ScheduleEdit): Promise<Schedule | null> {
    const before = this.stored.get(id);
    if (!before) return Promise.resolve(null);
    const after = { ...before, ...editOf(before), version: before.version + 1 };
    this.stored.set(id, after);
    return Promise.resolve(after);
  }

  remove(id: string): Promise<boolean> {
    return Promise.resolve(this.stored.delete(id));
  }

  addRun(id: string, tick: Date, jobId: string): Promise<void> {
    const known = this.stored.get(id);
    if (known) this.stored.set(id, { ...known, last_tick: tick, last_job_id: jobId, runs: known.runs + 1 });
    return Promise.resolve();
  }

  beginTelling(id: string): Promise<TickingSchedule | null> {
    const known = this.stored.get(id);
    if (!known) return Promise.resolve(null);
    const isUnderWay = (known.missed_telling ?? 0) > (known.missed_told ?? 0);
    const telling = { ...known, missed_telling: isUnderWay ? (known.missed_telling ?? 0) : known.missed };
    this.stored.set(id, telling);
    return Promise.resolve(telling);
  }

  noteTold(id: string, missed: number): Promise<void> {
    const known = this.stored.get(id);
    if (known && (known.missed_told ?? 0) < missed) this.stored.set(id, { ...known, missed_told: missed });
    return Promise.resolve();
  }

  settle(schedule: TickingSchedule, { job_id, runs, skipped, missed, ...times }: Settlement): Promise<TickingSchedule | null> {
    const known = this.stored.get(schedule._id);
    if (known?.version !== schedule.version || known.next_at?.getTime() !== schedule.next_at?.getTime()) {
      return Promise.resolve(null);
    }
    const after: Schedule = {
      ...known,
      ...times,
      last_job_id: job_id ?? known.last_job_id,
      runs: known.runs + runs,
      skipped: known.skipped + skipped,
      missed: known.missed + missed,
    };
    this.stored.set(schedule._id, after);
    return Promise.resolve(after);
  }
}
