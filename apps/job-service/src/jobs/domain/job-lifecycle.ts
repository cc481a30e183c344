import type { EventName, JobStatus } from '@kintsugi/contracts';

export interface JobTransition {
  from: readonly JobStatus[];
  to: JobStatus;
  emits: EventName | null;
  about: string;
}

/** Every legal move of a job. The store makes a move only from one of its `from` states. */
export const jobTransitions = {
  release: {
    from: ['scheduled'],
    to: 'pending',
    emits: 'job.released',
    about: 'The time has come from which its tasks may run, or all that it waited for has ended.',
  },
  start: { from: ['pending'], to: 'running', emits: 'job.started', about: 'The first slice is given to a worker.' },
  complete: {
    from: ['pending', 'running', 'paused', 'recovering'],
    to: 'completed',
    emits: 'job.completed',
    about: 'Every task succeeded or was skipped by rule.',
  },
  fail: {
    from: ['pending', 'running', 'paused', 'recovering'],
    to: 'failed',
    emits: 'job.failed',
    about: 'Nothing more can run, and at least one task is dead, quarantined or of unknown outcome.',
  },
  pause: {
    from: ['scheduled', 'pending', 'running', 'recovering'],
    to: 'paused',
    emits: 'job.paused',
    about: 'A person holds it: none of its tasks is given to a worker.',
  },
  resume: { from: ['paused'], to: 'running', emits: 'job.resumed', about: 'A person lets it go on.' },
  resume_scheduled: {
    from: ['paused'],
    to: 'scheduled',
    emits: 'job.resumed',
    about: 'A person lets it go on, and the time has not come from which its tasks may run.',
  },
  resume_unbegun: {
    from: ['paused'],
    to: 'pending',
    emits: 'job.resumed',
    about: 'A person lets it go on, and nothing of it has been given to a worker.',
  },
  cancel: {
    from: ['scheduled', 'pending', 'running', 'paused', 'recovering'],
    to: 'cancelling',
    emits: null,
    about: 'A person cancels.',
  },
  expire: {
    from: ['scheduled', 'pending', 'running', 'paused', 'recovering'],
    to: 'cancelling',
    emits: null,
    about: 'Its deadline has passed: what is left of it is stopped.',
  },
  abort: {
    from: ['scheduled', 'pending', 'running', 'paused', 'recovering'],
    to: 'cancelling',
    emits: null,
    about: 'A retry policy has the whole job fail with one of its tasks: what is left of it is stopped.',
  },
  give_up: {
    from: ['scheduled', 'paused'],
    to: 'cancelling',
    emits: null,
    about: 'A job that it waits for has not been done: it is to fail too.',
  },
  skip: {
    from: ['scheduled', 'paused'],
    to: 'cancelling',
    emits: null,
    about: 'A job that it waits for has not been done: it is left out.',
  },
  finish_expire: {
    from: ['cancelling'],
    to: 'failed',
    emits: 'job.failed',
    about: 'Nothing of it runs any more after its deadline, or after a policy or a job that it waited for had it fail.',
  },
  finish_cancel: { from: ['cancelling'], to: 'cancelled', emits: 'job.cancelled', about: 'Nothing of it runs any more.' },
  delete: {
    from: ['completed', 'failed', 'cancelled'],
    to: 'deleting',
    emits: null,
    about: 'A person has it deleted: it goes with all its tasks.',
  },
  recover: { from: ['failed'], to: 'recovering', emits: 'job.recovered', about: 'Dead tasks are being run again.' },
  recommence: { from: ['recovering'], to: 'running', emits: null, about: 'A requeued task is given to a worker.' },
} as const satisfies Record<string, JobTransition>;

export type JobMove = keyof typeof jobTransitions;

/** States in which no task of the job is given to a worker, however many are ready. */
const heldBackStatuses: readonly JobStatus[] = ['scheduled', 'paused', 'cancelling', 'cancelled', 'deleting'];

export function isHeldBack(status: JobStatus): boolean {
  return heldBackStatuses.includes(status);
}

export function mayMakeMove(status: JobStatus, move: JobMove): boolean {
  return (jobTransitions[move].from as readonly JobStatus[]).includes(status);
}
