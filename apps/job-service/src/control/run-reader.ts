import { hash } from 'node:crypto';
import { canonicalJson, layParamsOver, parseExactly, type TaskInput } from '@kintsugi/contracts';
import type { JobHandle } from '../directory/job-handle.js';
import { paramsOf } from '../tasks/domain/task-params.js';
import { lineAt, type TaskPlace } from './domain/rerun-chunk.js';
import { RunColumns } from './domain/run-columns.js';
import { placesIn } from './rerun-reader.js';

type Params = Record<string, unknown>;

const digestDigits = 32;

/** The first half of a SHA-256. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, digestDigits);
}

/** Digest of a task as a handler gets it: the text of its line does not matter, only what it says. */
export function digestOfTask(line: string, ...params: (Params | undefined)[]): string {
  const input = parseExactly(line) as TaskInput;
  for (const over of params) if (over) input.payload = layParamsOver(input.payload, over);
  return digestOf(canonicalJson(input));
}

/** The same of a task where it is stored, with what was laid over it there and what is laid over it now. */
export function digestAt(place: TaskPlace, params?: Params): string {
  return digestOfTask(lineAt(place), paramsOf(place.chunk, place.index), params);
}

/** A run of a job in columns. */
export async function columnsOf(job: JobHandle, total: number): Promise<RunColumns> {
  const columns = new RunColumns(job.id, total);
  const isRunOfAnother = job.view().original_job_id !== undefined;
  let at = 0;
  for await (const { chunk, index } of placesIn(job, total)) {
    const { startedAt, tookUs, extras } = chunk.state;
    const began = startedAt[index] ?? 0;
    columns.set(at, {
      given: digestAt({ chunk, index }),
      output: chunk.stateOf(index) === 'succeeded' ? digestOf(extras.results[index] ?? '') : null,
      startedAt: began,
      tookUs: tookUs[index] ?? 0,
      isOld: isRunOfAnother && began < chunk.identity.acceptedAt,
    });
    at += 1;
  }
  return columns;
}
