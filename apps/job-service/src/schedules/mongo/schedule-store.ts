import { Inject, Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Model } from 'mongoose';
import { Store, createByModel, durable, editByModel } from '@kintsugi/persistence';
import { Clock } from '../../platform/clock.js';
import { Leader } from '../../platform/leader.js';
import type { Schedule, TickingSchedule } from '../domain/schedule.js';
import type { ScheduleEdit, Schedules, Settlement } from '../schedules.js';

const withoutJob = { projection: { job: 0 } } as const;

/**
 * The schedules in MongoDB. What people edit goes by a model, which is loaded with the first edit: most services have no
 * schedule, and mongoose takes time and memory at each start. What the clock writes goes by the driver.
 */
@Injectable()
export class ScheduleStore implements Schedules {
  private readonly schedules: Collection<Schedule>;
  private model: Promise<Model<Schedule>> | null = null;

  constructor(
    @Inject(Store) private readonly store: Store,
    private readonly leader: Leader,
    private readonly clock: Clock,
  ) {
    this.schedules = store.collection<Schedule>('schedules');
  }

  ticking(): Promise<TickingSchedule[]> {
    return this.schedules.find({}, withoutJob).toArray();
  }

  behind(id: string, tenant: string | null): AsyncIterable<Schedule> {
    return this.schedules.find({ _id: { $gt: id }, ...(tenant === null ? {} : { tenant }) }).sort({ _id: 1 });
  }

  find(id: string): Promise<Schedule | null> {
    return this.schedules.findOne({ _id: id });
  }

  count(): Promise<number> {
    return this.schedules.estimatedDocumentCount();
  }

  async create(schedule: Schedule): Promise<boolean> {
    const model = await this.loadModel();
    await this.leader.assertLeading();
    return createByModel(model, schedule);
  }

  async edit(id: string, editOf: (schedule: Schedule) => ScheduleEdit): Promise<Schedule | null> {
    const model = await this.loadModel();
    await this.leader.assertLeading();
    return editByModel(model, id, (before) => ({ ...editOf(before), updated_at: new Date(this.clock.now()) }));
  }

  async remove(id: string): Promise<boolean> {
    await this.leader.assertLeading();
    return (await this.schedules.deleteOne({ _id: id }, durable)).deletedCount > 0;
  }

  async settle(
    schedule: TickingSchedule,
    { job_id, runs, skipped, missed, ...times }: Settlement,
  ): Promise<TickingSchedule | null> {
    await this.leader.assertLeading();
    return this.schedules.findOneAndUpdate(
      { _id: schedule._id, version: schedule.version, next_at: schedule.next_at },
      { $set: { ...times, ...(job_id === undefined ? {} : { last_job_id: job_id }) }, $inc: { runs, skipped, missed } },
      { returnDocument: 'after', ...withoutJob, ...durable },
    );
  }

  async addRun(id: string, tick: Date, jobId: string): Promise<void> {
    await this.leader.assertLeading();
    const noted = { $max: { last_tick: tick }, $set: { last_job_id: jobId }, $inc: { runs: 1 } };
    await this.schedules.updateOne({ _id: id }, noted, durable);
  }

  async beginTelling(id: string): Promise<TickingSchedule | null> {
    await this.leader.assertLeading();
    const isUnderWay = { $gt: [{ $ifNull: ['$missed_telling', 0] }, { $ifNull: ['$missed_told', 0] }] };
    const telling = [{ $set: { missed_telling: { $cond: [isUnderWay, '$missed_telling', '$missed'] } } }];
    return this.schedules.findOneAndUpdate({ _id: id }, telling, { returnDocument: 'after', ...withoutJob, ...durable });
  }

  async noteTold(id: string, missed: number): Promise<void> {
    await this.leader.assertLeading();
    await this.schedules.updateOne({ _id: id }, { $max: { missed_told: missed } }, durable);
  }

  private loadModel(): Promise<Model<Schedule>> {
    this.model ??= import('./schedule-model.js').then(({ scheduleModelOf }) => scheduleModelOf(this.store));
    return this.model;
  }
}
