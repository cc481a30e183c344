import { deepEqual, equal } from 'node:assert/strict';
import { v7 } from 'uuid';
import type { HourColumns, WholeHour } from './domain/hour-columns.js';
import { hourMs } from './domain/history-hours.js';
import { ColumnsWriter } from './domain/job-columns.js';
import { emptyRow, type JobRow } from './domain/job-row.js';

/** What every keeper of hours promises. It begins without any. */
export const hourColumnsPromises: [promise: string, hold: (columns: HourColumns) => Promise<void>][] = [
  ['gives an hour with all of its parts once it is complete', givesWhole],
  ['does not complete an hour that has changed since it was begun', noticesChange],
  ['gives no hour that has changed since, and has it laid down anew once that has settled', forgetsChanged],
  ['leaves nothing of an hour in which jobs were deleted', discards],
  ['keeps nothing of hours before a time', sweeps],
];

const hour = Date.parse('2026-11-23T06:00:00.000Z');
const later = (): number => Date.now() + hourMs;

/** A job of one type, made so many milliseconds into the hour. */
export function jobAt(start: number, offset: number, type = 'send'): JobRow {
  const order = { tenant: 'default', product_id: 'p', sending_group_id: 'g', user_id: 'u', priority: 5, labels: {} };
  const none = { total_tasks: 1, max_parallel_tasks: null, retry_config: null, resource_limits: null };
  const head = { type, ...order, ...none, safety: 'idempotent' as const, created_at: start + offset };
  return { ...emptyRow(`job_${v7()}`), head };
}

async function layDown(columns: HourColumns, ...parts: number[]): Promise<boolean> {
  const begun = await columns.begin(hour);
  for (const [part, jobs] of parts.entries()) await columns.putPart(begun, part, partOf(jobs));
  return columns.complete(begun, { parts: parts.length, bytes: 1_000 });
}

function partOf(jobs: number): Buffer {
  const writer = new ColumnsWriter(hour);
  for (let at = 0; at < jobs; at += 1) writer.add(jobAt(hour, at));
  return writer.bytes();
}

/** Jobs in what is laid down; null where nothing is. */
async function jobsIn(columns: HourColumns): Promise<number | null> {
  return jobsOf(columns, await columns.laid(hour, hour + 1));
}

async function jobsOf(columns: HourColumns, hours: readonly WholeHour[]): Promise<number | null> {
  const parts = (await columns.read(hours)).get(hour);
  let jobs = 0;
  for (const part of parts ?? []) part.each({}, undefined, () => (jobs += 1));
  return parts ? jobs : null;
}

async function givesWhole(columns: HourColumns): Promise<void> {
  equal(await columns.isToLay(hour, 0), true);
  const begun = await columns.begin(hour);
  await columns.putPart(begun, 0, partOf(3));
  equal(await jobsIn(columns), null);
  equal(await layDown(columns, 3, 2), true);
  equal(await jobsIn(columns), 5);
  equal(await columns.isToLay(hour, later()), false);
  deepEqual(await columns.laid(hour + 1, hour + hourMs), []);
}

async function noticesChange(columns: HourColumns): Promise<void> {
  const begun = await columns.begin(hour);
  await columns.putPart(begun, 0, partOf(1));
  await columns.markChanged([hour]);
  equal(await columns.complete(begun, { parts: 1, bytes: 1_000 }), false);
  equal(await jobsIn(columns), null);
}

async function forgetsChanged(columns: HourColumns): Promise<void> {
  await layDown(columns, 3);
  await columns.markChanged([hour]);
  equal(await columns.isToLay(hour, Date.now() - hourMs), false);
  equal(await columns.isToLay(hour, later()), true);
  equal(await jobsIn(columns), null);
  deepEqual(await columns.stale(Date.now() - hourMs, 9), []);
  deepEqual(await columns.stale(later(), 9), [hour]);
  equal(await layDown(columns, 1), true);
  equal(await jobsIn(columns), 1);
  deepEqual(await columns.stale(later(), 9), []);
}

async function discards(columns: HourColumns): Promise<void> {
  await layDown(columns, 3);
  const laid = await columns.laid(hour, hour + 1);
  await columns.discard([hour]);
  equal(await columns.isToLay(hour, later()), true);
  equal(await jobsOf(columns, laid), null);
}

async function sweeps(columns: HourColumns): Promise<void> {
  await layDown(columns, 3);
  await columns.sweep(later(), hour);
  equal(await jobsIn(columns), 3);
  await columns.sweep(later(), hour + hourMs);
  equal(await jobsIn(columns), null);
}
