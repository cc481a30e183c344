import type { AlertCondition } from './alert-condition.js';
import type { JobOutcomes, Outcomes } from './job-outcomes.js';

/** Of the window and this share of it the slower burn counts: what has stopped is not told any more (SRE workbook, chapter 5). */
const burnShare = 1 / 12;
const durationShare = 0.95;

type Windowed = Pick<AlertCondition, 'signal' | 'tenant' | 'type' | 'window_s' | 'at_least' | 'objective'>;

/** A figure of how jobs ended, by its subjects. */
export function outcomeValues(condition: Windowed, outcomes: JobOutcomes, now: number): Map<string, number> {
  const { signal, tenant, type, window_s: windowS } = condition;
  const within = (share: number): Map<string, Outcomes> => {
    const all = outcomes.since(now - windowS * 1_000 * share, tenant);
    return type === null ? all : new Map([...all].filter(([name]) => name === type));
  };
  const whole = within(1);
  if (signal === 'jobs_ended') return new Map([['', [...whole.values()].reduce((sum, { ended }) => sum + ended, 0)]]);
  const recent = signal === 'failure_budget_burn' ? within(burnShare) : whole;
  const values = new Map<string, number>();
  for (const [name, found] of whole) {
    const value = valueOf(condition, found, recent.get(name));
    if (value !== null) values.set(name, value);
  }
  return values;
}

function valueOf({ signal, at_least: least, objective }: Windowed, found: Outcomes, recent: Outcomes | undefined): number | null {
  if (signal === 'jobs_failed') return found.failed;
  if (found.judged < least) return null;
  switch (signal) {
    case 'job_failure_ratio':
      return ratioOf(found);
    case 'job_duration_s': {
      const ms = found.durationMs(durationShare);
      return ms === null ? null : ms / 1_000;
    }
    case 'failure_budget_burn': {
      const [long, short] = [ratioOf(found), recent ? ratioOf(recent) : 0];
      return long === null ? null : Math.min(long, short ?? 0) / (1 - objective);
    }
    default:
      return null;
  }
}

function ratioOf({ failed, judged }: Outcomes): number | null {
  return judged === 0 ? null : failed / judged;
}
