import type { FailedTask, LostTask } from '@kintsugi/contracts';

/** What recovery decides about: a run that failed, or one whose worker was lost and whose end is unclear. */
export type Failure = FailedTask | LostTask;

/** How the task stands after the loss of its worker, or null when the run failed in the open. */
export function unclearEndOf(failure: Failure): LostTask['state'] | null {
  return 'state' in failure ? failure.state : null;
}
