import type { Jitter, RetryConfig, RetryTrial } from '@kintsugi/contracts';
import { shellWord } from '../../display/domain/shell-word.js';

/** What of a policy is tried in the lab; its conditions and rules stay. */
export interface PolicyForm {
  max_attempts: number;
  initial_delay: number;
  max_delay: number;
  backoff_factor: number;
  /** Empty: as the service draws waits by itself. */
  jitter: Jitter | '';
}

export function policyFormOf({ max_attempts, initial_delay, max_delay, backoff_factor, jitter }: RetryConfig): PolicyForm {
  return { max_attempts, initial_delay, max_delay, backoff_factor, jitter: jitter ?? '' };
}

/** A policy for an error type, made of the one that holds for it. */
export function triedPolicyOf(holds: RetryConfig, errorType: string, { jitter, ...form }: PolicyForm): RetryConfig {
  const { jitter: _, ...kept } = holds;
  return { ...kept, ...form, error_type: errorType, ...(jitter === '' ? {} : { jitter }) };
}

/** The command that sets it. */
export function policyCommandOf(
  errorType: string,
  { max_attempts, initial_delay, max_delay, backoff_factor, jitter }: PolicyForm,
): string {
  const words = [`--max-attempts ${max_attempts}`, `--initial-delay ${initial_delay}`, `--max-delay ${max_delay}`];
  words.push(`--backoff ${backoff_factor}`, ...(jitter === '' ? [] : [`--jitter ${jitter}`]));
  return [`./kintsugi policy set ${shellWord(errorType)}`, ...words].join(' ');
}

export interface Wait {
  fromSeconds: number;
  toSeconds: number;
}

/** The wait before one run, by what holds and by what is tried; null where the run does not come. */
export interface WaitOfRun {
  run: number;
  now: Wait | null;
  tried: Wait | null;
}

/** The waits of two trials beside each other, and the longest of them. */
export function waitsOf(now: RetryTrial, tried: RetryTrial | undefined): { runs: WaitOfRun[]; longestSeconds: number } {
  const [first, second] = [waitsByRun(now), waitsByRun(tried)];
  const runs = [...new Set([...first.keys(), ...second.keys()])].sort((one, other) => one - other);
  const longest = Math.max(0, ...[...first.values(), ...second.values()].map(({ toSeconds }) => toSeconds));
  return {
    runs: runs.map((run) => ({ run, now: first.get(run) ?? null, tried: second.get(run) ?? null })),
    longestSeconds: longest,
  };
}

function waitsByRun(trial: RetryTrial | undefined): Map<number, Wait> {
  return new Map(trial?.schedule.map(({ attempt, from_s, to_s }) => [attempt, { fromSeconds: from_s, toSeconds: to_s }]));
}
