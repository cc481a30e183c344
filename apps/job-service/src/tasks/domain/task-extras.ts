import type { RunFacts } from '@kintsugi/contracts';

export interface TaskError {
  error_type: string;
  error_message: string;
  stack_trace?: string;
  non_retryable: boolean;
  retry_after_ms: number | null;
  attempt: number;
  at: number;
  /** Where and of what the run was, as far as it is known. */
  run?: RunFacts;
}

/** The workers that a task has lost. */
export interface TaskLosses {
  workers: number;
  /** Those of them that held no other task. */
  alone: number;
}

/** Steps from a sequence on that were kept under a lease before a fence: they count no longer, since a person has it begin anew there. */
export type StepCut = [fence: number, sequence: number];

/** The steps of a task that still count: all but those that are cut off. */
export interface CountedSteps {
  /** The first has the lowest sequence. */
  cuts?: StepCut[];
}

/** That steps of a task were kept. */
export interface StepMark extends CountedSteps {
  /** The tasks that it is a rerun of, the first one first: their steps come before its own. */
  from?: (CountedSteps & { task_id: string })[];
}

/** What is known of single tasks, by index; most tasks have none of it. */
export interface TaskExtras {
  errors: Record<number, TaskError>;
  /** JSON text, as payloads are: the store cannot hold every key and every depth that JSON has. */
  results: Record<number, string>;
  logs: Record<number, string[]>;
  /** JSON text of an object. */
  params: Record<number, string>;
  /** Epoch ms at which a waiting task is tried again. */
  due: Record<number, number>;
  /** Held tasks whose cancellation was asked for: unless they succeed first, they end as cancelled. */
  cancel: Record<number, true>;
  losses: Record<number, TaskLosses>;
  /** In a bundle, tasks whose job is paused. */
  paused: Record<number, true>;
  /** Held tasks that were asked to stop because their job is paused: unless they end first, they come back. */
  stop: Record<number, true>;
  /** In a bundle, the priorities that were set since the jobs were accepted. */
  priority: Record<number, number>;
  steps: Record<number, StepMark>;
  /** In a bundle, epoch ms of the first start of tasks that have been started again. */
  began: Record<number, number>;
  /** In a bundle, epoch ms at which jobs ended otherwise than with a run of their task. */
  ended: Record<number, number>;
}

export function noExtras(): TaskExtras {
  return {
    ...{ errors: {}, results: {}, logs: {}, params: {}, due: {}, cancel: {}, losses: {}, paused: {}, stop: {} },
    ...{ priority: {}, steps: {}, began: {}, ended: {} },
  };
}
