import type { ActionInput, GroupRecovery } from '@kintsugi/contracts';

/** Shares of a recovery in hundredths: of its canary while that is judged, of all its records from then on. */
export function recoverySharesOf({ state, counts, canary, records }: GroupRecovery): {
  good: number;
  bad: number;
  off: number;
  busy: number;
} {
  const known = counts.recovered + counts.failed + counts.refused + counts.ordered + counts.chosen;
  const of = Math.max(1, known, state === 'canary' ? Math.min(canary.size, records) : records);
  const share = (count: number): number => (100 * count) / of;
  return {
    good: share(counts.recovered),
    bad: share(counts.failed),
    off: share(counts.refused),
    busy: share(counts.ordered + counts.chosen),
  };
}

/** Whether its tasks are run now. One that waits may do so for days. */
export function isRunning({ state }: Pick<GroupRecovery, 'state'>): boolean {
  return state === 'canary' || state === 'ramping';
}

/** Whether it can still be stopped. */
export function isGoingOn(recovery: Pick<GroupRecovery, 'state'>): boolean {
  return recovery.state === 'waiting' || isRunning(recovery);
}

/** How carefully a group is recovered, as a reader chooses it. */
export interface CarefulForm {
  canarySize: number;
  /** In hundredths. */
  minSuccessPercent: number;
  ratePerSecond: number;
  force: boolean;
  /** Who has to approve it before it begins; null: nobody. */
  approvalBy: 'operator' | 'admin' | null;
}

export const carefulForm: CarefulForm = {
  canarySize: 5,
  minSuccessPercent: 80,
  ratePerSecond: 10,
  force: false,
  approvalBy: null,
};

export function carefulRequestOf(groupId: string, form: CarefulForm): ActionInput<'recoverGroup'> {
  return {
    group_id: groupId,
    canary: { size: form.canarySize, min_success: form.minSuccessPercent / 100 },
    rate_per_second: form.ratePerSecond,
    ...(form.force ? { recovery_options: { force: true } } : {}),
    ...(form.approvalBy ? { when: [{ kind: 'approval', role: form.approvalBy }] } : {}),
  };
}

/** The command that does the same. */
export function carefulCommandOf(groupId: string, form: CarefulForm): string {
  const { canarySize, minSuccessPercent, ratePerSecond, force, approvalBy } = form;
  const words = [`--canary ${canarySize}`, `--min-success ${minSuccessPercent / 100}`, `--rate ${ratePerSecond}`];
  const others = [...(force ? ['--force'] : []), ...(approvalBy ? [`--when 'approval ${approvalBy}'`] : [])];
  return [`./kintsugi recover --group ${groupId}`, ...words, ...others].join(' ');
}
