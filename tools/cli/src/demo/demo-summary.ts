import type { ErrorGroup, JobInfo } from '@kintsugi/contracts';
import type { LedgerReport } from '@kintsugi/newsletter';
import { plural } from '../terminal/quantities.js';

/** The one object that `demo --json` ends with. */
export interface DemoSummary {
  tasks: number;
  /** By the mail server's own count, after the repair. */
  delivered: number;
  unique: number;
  expected: number;
  first_try_share: number | null;
  retries: number;
  recovered_by_retry: number;
  /** Before the repair, as are the groups. */
  dead: number;
  groups: { title: string; error_type: string; count: number }[];
  repaired: number;
  /** From the acceptance of the job to the end of a task. */
  p50_ms: number | null;
  p99_ms: number | null;
  wall_s: number;
}

/** How a sending job ended by itself, before anybody repaired anything. */
export type FirstEnd = Omit<DemoSummary, 'delivered' | 'unique' | 'expected' | 'repaired' | 'wall_s'>;

export function firstEndOf(job: JobInfo, groups: ErrorGroup[]): FirstEnd {
  const { metrics } = job;
  return {
    tasks: job.total_tasks ?? 0,
    first_try_share: metrics?.first_try_share ?? null,
    retries: metrics?.retries ?? 0,
    recovered_by_retry: metrics?.recovered ?? 0,
    dead: job.task_counts['dead'] ?? 0,
    groups: groups
      .map(({ title, error_type, by_status }) => ({ title, error_type, count: by_status.failed }))
      .filter(({ count }) => count > 0),
    p50_ms: wholeMs(metrics?.submit_to_done_ms_p50),
    p99_ms: wholeMs(metrics?.submit_to_done_ms_p99),
  };
}

function wholeMs(ms: number | null | undefined): number | null {
  return typeof ms === 'number' ? Math.round(ms) : null;
}

/** The group of the mistyped addresses, if there is one. */
export function groupToRepair(
  groups: ErrorGroup[],
  repair: { error_type: string; title_contains: string },
): ErrorGroup | undefined {
  return groups.find(
    ({ error_type, title, by_status }) =>
      error_type === repair.error_type && title.includes(repair.title_contains) && by_status.failed > 0,
  );
}

/** What is wrong with the outcome; none when every message that can arrive arrived once. */
export function faultsOf(summary: Pick<DemoSummary, 'expected'>, ledger: LedgerReport): string[] {
  const { delivered, unique } = ledger;
  const { expected } = summary;
  return [
    ...(delivered === unique ? [] : [`${plural(delivered - unique, 'repeat')} reached a mailbox that had its message`]),
    ...(unique < expected ? [`${plural(expected - unique, 'message')} that could arrive did not`] : []),
    ...(unique > expected ? [`${plural(unique - expected, 'message')} arrived that nobody expected`] : []),
  ];
}
