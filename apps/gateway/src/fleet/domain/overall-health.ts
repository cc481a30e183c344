import type { PlatformHealth } from '@kintsugi/contracts';
import { requiredServices, type FleetHealth, type ProcessHealth } from './fleet-health.js';

/** Jobs as far as their key may see them; counts above `counted_to` are told as that. */
export type JobCounts = NonNullable<PlatformHealth['jobs']>;

export interface HealthFacts extends FleetHealth {
  processes: readonly ProcessHealth[];
  jobs: JobCounts | null;
  /** Workers that beat; null where nobody says. */
  workers: number | null;
  /** Slots of pools by state; null where nobody says. */
  pools: PlatformHealth['pools'];
  /** Share of the host's memory that is free. */
  freeMemoryShare: number;
}

/** Something that is not as it should be, and what to do about it. */
export type HealthReason = PlatformHealth['reasons'][number];

export type OverallHealth = Pick<PlatformHealth, 'overall' | 'reasons'>;

/** Below it a host begins to end processes. */
const freeMemoryShareMin = 0.03;
const failedJobsMin = 10;
const logs = './kintsugi status shows the process, and its log under logs/ in the home says more.';

/** failing: the platform cannot do its work. degraded: it does, and somebody should look. */
export function overallHealth(facts: HealthFacts): OverallHealth {
  const failing = failingReasons(facts);
  const reasons = [...failing, ...degradedReasons(facts)];
  return { overall: failing.length > 0 ? 'failing' : reasons.length > 0 ? 'degraded' : 'ok', reasons };
}

function failingReasons({ services, processes }: HealthFacts): HealthReason[] {
  if (services['nats'] !== 'ready') {
    return [{ reason: 'NATS does not answer.', advice: 'Is nats-server up? NATS_URL says where it is looked for.' }];
  }
  return requiredServices
    .filter((service) => services[service] !== 'ready')
    .map((service) => ({
      reason:
        services[service] === 'no_answer'
          ? `${service} does not answer.`
          : `${service} is not ready: ${missing(service, processes)}.`,
      advice: logs,
    }));
}

function degradedReasons({ services, processes, jobs, workers, pools, freeMemoryShare }: HealthFacts): HealthReason[] {
  const reasons: HealthReason[] = processes
    .filter(({ ready, service }) => !ready && services[service] === 'ready')
    .map(({ service, instance }) => ({
      reason: `${service} ${instance} is not ready: ${missing(service, processes, instance)}.`,
      advice: 'Another of its kind does the work meanwhile.',
    }));
  if (workers === 0) {
    reasons.push({ reason: 'No worker is connected.', advice: './kintsugi up starts workers; jobs wait until there are some.' });
  }
  if (jobs && jobs.failed_last_hour >= failedJobsMin && jobs.failed_last_hour > jobs.completed_last_hour) {
    reasons.push({
      reason: `Of the jobs of the last hour ${jobs.failed_last_hour} failed and ${jobs.completed_last_hour} completed.`,
      advice: './kintsugi errors shows what they have in common.',
    });
  }
  const { ERROR: isolated = 0, HOLD: onHold = 0 } = pools?.slots ?? {};
  if (isolated + onHold > 0) {
    reasons.push({
      reason: `Of the slots of pools ${isolated} are isolated and ${onHold} on hold.`,
      advice: './kintsugi pool list shows the pools, and pool show NAME why.',
    });
  }
  if (freeMemoryShare < freeMemoryShareMin) {
    reasons.push({
      reason: 'The memory of the host is all but used up.',
      advice: 'Fewer workers or slots, or more memory, help.',
    });
  }
  return reasons;
}

function missing(service: string, processes: readonly ProcessHealth[], instance?: string): string {
  const checks = processes
    .filter((process) => process.service === service && (instance === undefined || process.instance === instance))
    .flatMap(({ checks: found }) => Object.entries(found))
    .filter(([, state]) => state !== 'ok')
    .map(([check, state]) => `${check}: ${state}`);
  return [...new Set(checks)].join(', ') || 'it does not say why';
}
