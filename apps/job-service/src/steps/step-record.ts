import type { KeptStep, StepHead, StepPlace } from './kept-step.js';

/** The record of the steps of tasks. */
export abstract class StepRecord {
  /** Writes steps, durably. What was kept at the place of one under a later lease stays; a step that comes again changes nothing. */
  abstract write(steps: readonly KeptStep[]): Promise<void>;
  /** All steps that were kept of these tasks, in the order of their ids and sequences. */
  abstract heads(taskIds: readonly string[]): Promise<StepHead[]>;
  /** What is kept at these places, in their order; one at which nothing is any more is left out. */
  abstract read(places: readonly StepPlace[]): Promise<KeptStep[]>;
  /** Removes the steps of all tasks of a job that owns its chunks. */
  abstract removeOfJob(jobId: string): Promise<void>;
  abstract removeOfTasks(taskIds: readonly string[]): Promise<void>;
}
