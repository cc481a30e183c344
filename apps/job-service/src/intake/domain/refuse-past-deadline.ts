import { ProblemError, type JobHead } from '@kintsugi/contracts';

/** Refuses a job that could not be over by its deadline, whatever happened. */
export function refusePastDeadline({ run_at: runAt, deadline_at: deadlineAt }: JobHead, now: number): void {
  if (deadlineAt === undefined) return;
  const from = Math.max(now, runAt === undefined ? 0 : Date.parse(runAt));
  if (Date.parse(deadlineAt) > from) return;
  const path = 'data.deadline_at';
  const allowed = `a time after ${new Date(from).toISOString()}, ${from === now ? 'which is now' : 'its run_at'}`;
  throw new ProblemError('VALIDATION_FAILED', `${path}: PAST, got ${deadlineAt}, allowed: ${allowed}. Nothing was accepted.`, {
    errors: [{ path, rule: 'PAST', got: deadlineAt, allowed }],
  });
}
