import type { EventInput, EventName } from './event-catalogue.js';

type EntryOf<Name extends EventName> =
  EventInput<Name> extends { jobs: (infer Entry)[] }
    ? Entry & { time: string }
    : EventInput<Name> extends { tasks: (infer Task)[] }
      ? { job_id: string; tasks: Omit<Task, 'stack_trace'>[]; time: string }
      : never;

/** An event of the platform, as it concerns one job. */
export interface EventOfJob<Name extends EventName = EventName> {
  event: Name;
  id: string;
  data: EntryOf<Name>;
}

/** The events that tell of jobs, and not of single tasks. */
export type JobEventName = Extract<EventName, `job.${string}`>;
