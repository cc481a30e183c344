import type { TaskState } from '@kintsugi/contracts';

export interface TaskTransition {
  from: readonly TaskState[];
  to: TaskState;
  about: string;
}

/** Every legal move of a task. A move from any other state is refused and counted, never made. */
export const taskTransitions = {
  block: {
    from: ['ready', 'dead', 'skipped'],
    to: 'blocked',
    about: 'It waits for other tasks of its job: from the start, or again because one of them is run again.',
  },
  unblock: { from: ['blocked'], to: 'ready', about: 'All tasks that it waits for are done.' },
  abandon: { from: ['ready', 'blocked'], to: 'dead', about: 'What it waits for has not been done, and will not be.' },
  lease: { from: ['ready'], to: 'leased', about: 'A slice with the task is given to a worker.' },
  start: { from: ['leased'], to: 'running', about: 'The worker tells that it has been running for a second or more.' },
  succeed: { from: ['leased', 'running', 'outcome_unknown'], to: 'succeeded', about: 'The holder of the lease reports success.' },
  fail: { from: ['leased', 'running', 'outcome_unknown'], to: 'failed', about: 'The holder of the lease reports a failure.' },
  return: {
    from: ['leased', 'running'],
    to: 'ready',
    about: 'A draining worker hands back what it had not started, or the worker was lost and the task may run again.',
  },
  lose: {
    from: ['leased', 'running'],
    to: 'outcome_unknown',
    about: 'The worker of an unsafe task was lost: nobody knows whether it took effect.',
  },
  quarantine: {
    from: ['leased', 'running', 'failed', 'waiting_retry'],
    to: 'quarantined',
    about: 'The task was all that too many lost workers held, or recovery holds it back for a person.',
  },
  defer: { from: ['failed'], to: 'waiting_retry', about: 'Recovery will try again later.' },
  retry: { from: ['failed', 'waiting_retry'], to: 'ready', about: 'The time for another try has come.' },
  discard: { from: ['failed', 'waiting_retry'], to: 'dead', about: 'Recovery gives the task up.' },
  requeue: {
    from: ['dead', 'quarantined', 'outcome_unknown', 'failed', 'waiting_retry'],
    to: 'ready',
    about: 'A person asks for another run.',
  },
  skip: { from: ['ready', 'blocked'], to: 'skipped', about: 'It need not run: its job had been made before, or a rule says so.' },
  cancel: {
    from: ['blocked', 'ready', 'failed', 'waiting_retry', 'parked', 'leased', 'running'],
    to: 'cancelled',
    about:
      'The job was cancelled; a running task is cancelled when its worker says that it stopped, or is lost and it may run again.',
  },
  stop: {
    from: ['outcome_unknown'],
    to: 'cancelled',
    about: 'The lost worker of an unsafe task of a cancelled job reports late that it stopped.',
  },
  erase: {
    from: ['succeeded', 'skipped', 'dead', 'quarantined', 'outcome_unknown', 'cancelled'],
    to: 'skipped',
    about: 'The job was deleted: of its task in a bundle nothing is known any more.',
  },
} as const satisfies Record<string, TaskTransition>;

export type TaskMove = keyof typeof taskTransitions;

/** States in which a task still keeps its job from ending. */
export const openTaskStates = [
  'blocked',
  'ready',
  'leased',
  'running',
  'failed',
  'waiting_retry',
  'parked',
] as const satisfies TaskState[];

export function mayMove(state: TaskState, move: TaskMove): boolean {
  return (taskTransitions[move].from as readonly TaskState[]).includes(state);
}
