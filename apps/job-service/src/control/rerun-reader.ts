import type { JobHandle } from '../directory/job-handle.js';
import { chunksOf } from '../intake/commands/copy-job.js';
import type { TaskPlace } from './domain/rerun-chunk.js';
import { RerunTable } from './domain/rerun-table.js';
import { TaskOfChunk, type RerunTask } from './domain/rerun-task.js';

/** What is shown of a task. */
export type ShownTask = Pick<RerunTask, 'id' | 'key' | 'state'>;

/** The tasks of a job as they stand, a few chunks in memory at a time. */
export async function rerunTableOf(job: JobHandle, total: number, selects: (task: RerunTask) => boolean): Promise<RerunTable> {
  const table = new RerunTable(total);
  const waiting: { at: number; keys: readonly string[] }[] = [];
  for await (const task of tasksOf(job, total)) {
    const keys = task.parentKeys;
    if (keys.length > 0) waiting.push({ at: table.size, keys });
    table.add(task, selects(task));
  }
  if (waiting.length === 0) return table;
  const places = await placesOf(job, total, new Set(waiting.flatMap(({ keys }) => keys)));
  for (const { at, keys } of waiting) {
    table.waitsFor(
      at,
      [...new Set(keys)].flatMap((key) => places.get(key) ?? []),
    );
  }
  return table;
}

/** What the tasks at some places are called. */
export async function shownAt(job: JobHandle, total: number, places: ReadonlySet<number>): Promise<Map<number, ShownTask>> {
  const shown = new Map<number, ShownTask>();
  let at = 0;
  if (places.size === 0) return shown;
  for await (const task of tasksOf(job, total)) {
    if (places.has(at)) shown.set(at, { id: task.id, key: task.key, state: task.state });
    if (shown.size === places.size) break;
    at += 1;
  }
  return shown;
}

/** Where the tasks are that others wait for. Only these are kept by their keys, and never all of a job. */
async function placesOf(job: JobHandle, total: number, keys: ReadonlySet<string>): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  let at = 0;
  for await (const { key } of tasksOf(job, total)) {
    if (key !== null && keys.has(key)) places.set(key, at);
    if (places.size === keys.size) break;
    at += 1;
  }
  return places;
}

/** The tasks of a job one by one, in their order. */
export async function* placesIn(job: JobHandle, total: number): AsyncGenerator<TaskPlace> {
  for await (const chunks of chunksOf(job, total)) {
    for (const chunk of chunks) {
      const { from, to } = job.placesIn(chunk);
      for (let index = from; index < to; index += 1) yield { chunk, index };
    }
  }
}

async function* tasksOf(job: JobHandle, total: number): AsyncGenerator<RerunTask> {
  for await (const { chunk, index } of placesIn(job, total)) yield new TaskOfChunk(chunk, index);
}
