import { Schema } from 'mongoose';
import { modelOptions } from '@kintsugi/persistence/models';
import { catchUps, overlaps } from '@kintsugi/contracts';
import { type Schedule } from '../domain/schedule.js';
import { tickTimesOf } from '../tick-times.js';

const unchanging = { type: String, required: true, immutable: true };

export const scheduleSchema = new Schema<Schedule>(
  {
    _id: unchanging,
    name: unchanging,
    tenant: unchanging,
    user_id: unchanging,
    cron: { type: String, default: null },
    every_s: { type: Number, default: null, min: 1 },
    time_zone: { type: String, required: true },
    catch_up: { type: String, required: true, enum: catchUps },
    overlap: { type: String, required: true, enum: overlaps },
    jitter_s: { type: Number, required: true, min: 0, max: 3_600 },
    paused: { type: Boolean, required: true },
    job: { type: String, required: true },
    next_at: { type: Date, default: null },
    last_tick: { type: Date, default: null },
    last_job_id: { type: String, default: null },
    runs: { type: Number, required: true },
    skipped: { type: Number, required: true },
    missed: { type: Number, required: true },
    missed_told: { type: Number },
    missed_telling: { type: Number },
    created_at: { type: Date, required: true, immutable: true },
    updated_at: { type: Date, required: true },
  },
  { ...modelOptions, collection: 'schedules' },
);

/** What is stored says times: a document that does not would keep the others from being read. */
scheduleSchema.pre('validate', function () {
  if ((this.cron === null) === (this.every_s === null)) this.invalidate('cron', 'either cron or every_s');
  else tickTimesOf(this);
});
