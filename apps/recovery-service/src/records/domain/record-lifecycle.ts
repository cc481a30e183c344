import type { RecoveryStatus } from '@kintsugi/contracts';

interface Phase {
  /** How the phase is told to the outside. */
  status: RecoveryStatus;
  about: string;
}

/** Where the recovery of a failed task stands. */
export const recordPhases = {
  deferred: {
    status: 'in_progress',
    about: 'A retry is scheduled; enters with a failure that is not retried at once, leaves when it is due.',
  },
  retrying: {
    status: 'in_progress',
    about: 'A retry was ordered, because it was due or had no wait; leaves with the outcome of the run.',
  },
  discarded: { status: 'failed', about: 'Given up by the decision; leaves when a person requeues it.' },
  outcome_unknown: {
    status: 'pending',
    about: 'The worker of an unsafe task was lost; leaves when a person requeues it or the worker reports late.',
  },
  quarantined: {
    status: 'pending',
    about: 'The task has lost too many workers, or a rule holds it back; leaves when a person requeues it.',
  },
  reported: { status: 'failed', about: 'The producer of an external job has reported it: it alone can try again.' },
  requeued: { status: 'in_progress', about: 'A person asked for another run; leaves with the outcome of the run.' },
  recovered: { status: 'recovered', about: 'The task has succeeded.' },
  cancelled: { status: 'failed', about: 'The job was cancelled, or is gone, before the task could recover.' },
} as const satisfies Record<string, Phase>;

export type RecordPhase = keyof typeof recordPhases;

/** Phases that are left by a person only. */
export const waitingPhases = ['discarded', 'outcome_unknown', 'quarantined'] as const satisfies RecordPhase[];

export const everyPhase = Object.keys(recordPhases) as RecordPhase[];

interface RecordTransition {
  from: readonly RecordPhase[];
  to: RecordPhase;
  about: string;
}

/**
 * Every legal move of a record. The first five follow from a failure, or from where job-service says that a later run
 * has ended, which holds whatever the phase was; a record begins with one of them.
 */
export const recordTransitions = {
  defer: { from: everyPhase, to: 'deferred', about: 'A newer run failed and will be tried again.' },
  retry: { from: everyPhase, to: 'retrying', about: 'A newer run failed and is tried again at once.' },
  discard: { from: everyPhase, to: 'discarded', about: 'A newer run failed and will not be tried again by itself.' },
  doubt: { from: everyPhase, to: 'outcome_unknown', about: 'A newer run ended with its worker and may have taken effect.' },
  quarantine: {
    from: everyPhase,
    to: 'quarantined',
    about: 'A newer run ended with its worker, as too many before it, or a rule of the policy holds it back.',
  },
  report: { from: ['reported'], to: 'reported', about: 'The producer of an external job has reported one error more.' },
  start: { from: ['deferred'], to: 'retrying', about: 'The retry is due.' },
  requeue: {
    from: ['discarded', 'quarantined', 'outcome_unknown', 'deferred', 'retrying', 'requeued'],
    to: 'requeued',
    about: 'A person asks for another run; the last four only by force.',
  },
  recover: {
    from: everyPhase.filter((phase) => phase !== 'recovered'),
    to: 'recovered',
    about: 'The task has succeeded, by whatever way.',
  },
  cancel: {
    from: ['deferred', 'retrying', 'requeued', 'discarded', 'outcome_unknown', 'quarantined'],
    to: 'cancelled',
    about: 'The job was cancelled or no longer exists: nobody can bring the task back.',
  },
} as const satisfies Record<string, RecordTransition>;

export type RecordMove = keyof typeof recordTransitions;

export function mayMove(phase: RecordPhase, move: RecordMove): boolean {
  return (recordTransitions[move].from as readonly RecordPhase[]).includes(phase);
}

/** What a move writes, phase and status always together. */
export function phaseAfter(move: RecordMove): { phase: RecordPhase; recovery_status: RecoveryStatus } {
  const phase = recordTransitions[move].to;
  return { phase, recovery_status: recordPhases[phase].status };
}
