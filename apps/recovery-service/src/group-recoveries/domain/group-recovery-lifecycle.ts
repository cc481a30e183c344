import type { GroupRecoveryState } from '@kintsugi/contracts';

interface GroupRecoveryTransition {
  from: readonly GroupRecoveryState[];
  to: GroupRecoveryState;
  about: string;
}

const underWay = ['canary', 'ramping'] as const satisfies GroupRecoveryState[];

/** Every legal move of the recovery of a group. It begins in `canary`, or in `ramping` where none is asked for. */
export const groupRecoveryTransitions = {
  pass: { from: ['canary'], to: 'ramping', about: 'Enough of the canary has recovered: the others follow.' },
  complete: { from: underWay, to: 'completed', about: 'Every record was met, and each that was ordered has ended.' },
  stop: {
    from: underWay,
    to: 'stopped',
    about: 'Too many have failed again, or its group was made part of another: nothing more is ordered.',
  },
  cancel: { from: underWay, to: 'cancelled', about: 'A person has ended it.' },
} as const satisfies Record<string, GroupRecoveryTransition>;

export type GroupRecoveryMove = keyof typeof groupRecoveryTransitions;

export function mayMoveRecovery(state: GroupRecoveryState, move: GroupRecoveryMove): boolean {
  return (groupRecoveryTransitions[move].from as readonly GroupRecoveryState[]).includes(state);
}

/** Whether records are still ordered. */
export function isUnderWay(state: GroupRecoveryState): boolean {
  return (underWay as readonly GroupRecoveryState[]).includes(state);
}
