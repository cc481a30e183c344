import { startTimeOf } from '@kintsugi/servers';
import type { ProcessIdentity } from '../domain/platform-state.js';

/** Identifies a running process, or null when there is none with this pid. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const start_token = startTimeOf(pid);
  return start_token === undefined ? null : { pid, start_token };
}

/** Whether the very process that was identified is still there. One that only waits for its parent to hear of its end is not. */
export async function isRunning({ pid, start_token }: ProcessIdentity): Promise<boolean> {
  return startTimeOf(pid) === start_token;
}
