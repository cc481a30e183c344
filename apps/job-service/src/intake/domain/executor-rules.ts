import { ProblemError, type JobHead, type ProblemDetail } from '@kintsugi/contracts';

/** Refuses what an external job cannot have, and what only such a job can. */
export function requireExecutorFits(
  head: Pick<JobHead, 'executor' | 'stalled_after_s' | 'run_at' | 'deadline_at' | 'concurrency' | 'rate_limit' | 'depends_on'>,
  hasTasks: boolean,
): void {
  const { executor, stalled_after_s, run_at, deadline_at } = head;
  if (executor === 'external' && hasTasks) {
    const allowed = 'no tasks: an external job is run by whoever creates it';
    throw refusal({ path: 'data.tasks', rule: 'NOT_ALLOWED', got: 'tasks', allowed });
  }
  if (executor === 'external' && run_at !== undefined) {
    const allowed = 'no time: an external job is run when its producer runs it';
    throw refusal({ path: 'data.run_at', rule: 'NOT_ALLOWED', got: run_at, allowed });
  }
  if (executor === 'external' && deadline_at !== undefined) {
    const allowed = 'none: an external job is over when its producer says so, or has stalled for stalled_after_s';
    throw refusal({ path: 'data.deadline_at', rule: 'NOT_ALLOWED', got: deadline_at, allowed });
  }
  if (executor === 'external' && head.depends_on !== undefined && head.depends_on.length > 0) {
    const allowed = 'none: an external job is run when its producer runs it. Others may wait for it';
    throw refusal({ path: 'data.depends_on', rule: 'NOT_ALLOWED', got: `${head.depends_on.length} jobs`, allowed });
  }
  for (const field of ['concurrency', 'rate_limit'] as const) {
    const given = head[field];
    if (executor !== 'external' || given === undefined) continue;
    const allowed = 'none: an external job is run as its producer likes';
    throw refusal({ path: `data.${field}`, rule: 'NOT_ALLOWED', got: given.key.slice(0, 100), allowed });
  }
  if (executor !== 'external' && stalled_after_s !== undefined) {
    const allowed = 'only with executor: external';
    throw refusal({ path: 'data.stalled_after_s', rule: 'NOT_ALLOWED', got: String(stalled_after_s), allowed });
  }
}

function refusal(error: ProblemDetail): ProblemError {
  return new ProblemError('VALIDATION_FAILED', `${error.path}: ${error.rule}, got ${error.got}, allowed: ${error.allowed}.`, {
    errors: [error],
  });
}
