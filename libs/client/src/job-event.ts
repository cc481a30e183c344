import type { BatchJob, EventInput, EventName } from '@kintsugi/contracts';

type EntryOf<Name extends EventName> =
  EventInput<Name> extends { jobs: (infer Entry)[] }
    ? Entry & { time: string }
    : EventInput<Name> extends { tasks: (infer Task)[] }
      ? { job_id: string; tasks: Omit<Task, 'stack_trace'>[]; time: string }
      : never;

/** An event of the platform, as it concerns one job. */
export type PlatformEvent = { [Name in EventName]: { event: Name; id: string; data: EntryOf<Name> } }[EventName];

/** What is told of a job that is followed. */
export type JobEvent =
  /** The job as it is: first of all, and again after `reset`. */
  | { event: 'snapshot'; id: string; data: BatchJob }
  /** What was missed is gone; a snapshot follows. */
  | { event: 'reset'; id: string; data: { job_id: string; reason: string } }
  | PlatformEvent;
