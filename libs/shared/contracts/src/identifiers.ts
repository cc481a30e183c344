import { z } from 'zod';

/**
 * Ids carry the place of what they name, so that a read by id is one look-up.
 *
 * A chunk is `<uuid>.<sequence>`, its tasks `task_<uuid>.<sequence>.<index>`.
 * A job of many tasks is `job_<uuid>` and owns the chunks `<uuid>.0`, `<uuid>.1`, … ;
 * a job accepted with a single task shares the bundle `<uuid>.0` with its neighbours and is `job_<uuid>.<index>`.
 */

export const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

export const jobIdPattern = new RegExp(`^job_${uuidPattern}(\\.\\d{1,3})?$`);
export const taskIdPattern = new RegExp(`^task_${uuidPattern}\\.(\\d{1,7}|plan)\\.\\d{1,3}$`);
export const errorRecordIdPattern = new RegExp(`^err_${uuidPattern}\\.(\\d{1,7}|plan|job)\\.\\d{1,3}$`);
export const errorGroupIdPattern = /^grp_[0-9a-f]{32}$/;
const chunkIdPattern = new RegExp(`^${uuidPattern}\\.(\\d{1,7}|plan)$`);
/** One token of a subject, so that what is sent to a worker reaches it and nobody else. */
const workerIdPattern = /^[A-Za-z0-9_-]{1,128}$/;

export const chunkIdSchema = z.string().regex(chunkIdPattern, 'a chunk id');

export const workerIdSchema = z.string().regex(workerIdPattern, 'letters, digits, _ and -, at most 128');

/** Whether a worker can be called so; the record may hold names from before they were checked. */
export function isWorkerId(name: string): boolean {
  return workerIdPattern.test(name);
}

/** A task's place: its chunk and its index there. */
export interface TaskPlace {
  chunkId: string;
  index: number;
}

/** The sequence name of the chunk that holds a job's single planning task. */
export const PLAN_SEQUENCE = 'plan';

export function jobIdOf(uuidOfJob: string): string {
  return `job_${uuidOfJob}`;
}

export function bundledJobId(chunkId: string, index: number): string {
  return `job_${chunkId.slice(0, 36)}.${index}`;
}

export function chunkIdOf(jobId: string, sequence: number | typeof PLAN_SEQUENCE): string {
  return `${jobId.slice(4, 40)}.${sequence}`;
}

export function taskIdOf(chunkId: string, index: number): string {
  return `task_${chunkId}.${index}`;
}

/** The place of a task whose id has been validated. */
export function placeOfTask(taskId: string): TaskPlace {
  const dot = taskId.lastIndexOf('.');
  return { chunkId: taskId.slice(5, dot), index: Number(taskId.slice(dot + 1)) };
}

/** The place of a bundled job's only task, or null for a job that owns its chunks. */
export function placeOfBundledJob(jobId: string): TaskPlace | null {
  const dot = jobId.indexOf('.');
  return dot < 0 ? null : { chunkId: `${jobId.slice(4, dot)}.0`, index: Number(jobId.slice(dot + 1)) };
}

/** One error record follows one task through all its failures. */
export function errorRecordIdOf(taskId: string): string {
  return `err_${taskId.slice(5)}`;
}

/** Errors that are told apart of a job that reports them itself; those beyond share the last record. */
const faultsMax = 999;

/** The record of an error that a job as a whole has reported. */
export function errorRecordIdOfFault(jobId: string, fault: number): string {
  return `err_${jobId.slice(4)}.job.${Math.min(fault, faultsMax)}`;
}

export function taskIdOfErrorRecord(errorRecordId: string): string {
  return `task_${errorRecordId.slice(4)}`;
}
