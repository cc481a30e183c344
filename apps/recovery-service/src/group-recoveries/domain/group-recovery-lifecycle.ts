import type { GroupRecoveryState } from '@kintsugi/contracts';

interface GroupRecoveryTransition {
  from: readonly GroupRecoveryState[];
  to: GroupRecoveryState;
  about: string;
}

const underWay = ['waiting', 'canary', 'ramping'] as const satisfies GroupRecoveryState[];

/** Every legal move of the recovery of a group. It begins in `waiting`, in `canary`, or in `ramping` where neither is asked for. */
export const groupRecoveryTransitions = {
  begin: { from: ['waiting'], to: 'canary', about: 'All that it waited for holds: the first are run.' },
  begin_whole: { from: ['waiting'], to: 'ramping', about: 'All that it waited for holds, and no canary is asked for.' },
  pass: { from: ['canary'], to: 'ramping', about: 'Enough of the canary has recovered: the others follow.' },
  complete: { from: ['canary', 'ramping'], to: 'completed', about: 'Every record was met, and each that was ordered has ended.' },
  stop: {
    from: underWay,
    to: 'stopped',
    about: 'Too many have failed again, its group was made part of another, or it has waited in vain: nothing more is ordered.',
  },
  cancel: { from: underWay, to: 'cancelled', about: 'A person has ended it.' },
} as const satisfies Record<string, GroupRecoveryTransition>;

export type GroupRecoveryMove = keyof typeof groupRecoveryTransitions;

export function mayMoveRecovery(state: GroupRecoveryState, move: GroupRecoveryMove): boolean {
  return (groupRecoveryTransitions[move].from as readonly GroupRecoveryState[]).includes(state);
}

/** Whether records are still ordered, or may be later. */
export function isUnderWay(state: GroupRecoveryState): boolean {
  return (underWay as readonly GroupRecoveryState[]).includes(state);
}

/** Those that have begun, and those that have ended. */
export const statesBehindWaiting = [...new Set(Object.values(groupRecoveryTransitions).map(({ to }) => to))];

export const statesUnderWay: readonly GroupRecoveryState[] = underWay;
