import { sendEscapedFaultsTo } from '@kintsugi/boundary';
import type { FaultListener } from '@kintsugi/messaging';
import type { Logger, Metrics } from '@kintsugi/observability';

const intervalMs = 10_000;
/** Lines of one kind in an interval: what anybody can send must not fill the disk. */
const linesMax = 20;

interface Interval {
  since: number;
  told: number;
  untold: number;
}

/** Tells the log of faults, by kind only so many at a time; those left out are counted in the next line. */
export function faultLog(logger: Logger, now: () => number = () => performance.now()): FaultListener {
  const intervals = new Map<string, Interval>();
  return (error, context) => {
    // The rest of a subject may be anything that somebody has published to.
    const kind = context.subject.split('.', 2).join('.').slice(0, 60);
    const interval = intervals.get(kind) ?? { since: now(), told: 0, untold: 0 };
    if (intervals.size < 1_000) intervals.set(kind, interval);
    if (now() - interval.since > intervalMs) Object.assign(interval, { since: now(), told: 0 });
    if (interval.told === linesMax) {
      interval.untold += 1;
      return;
    }
    logger.error({ error, ...context, ...(interval.untold > 0 ? { untold: interval.untold } : {}) }, 'Fault');
    interval.told += 1;
    interval.untold = 0;
  };
}

/** Has the faults that boundaries hold back counted and logged. */
export function logEscapedFaults(logger: Logger, metrics: Metrics): void {
  sendEscapedFaultsTo({
    count: (kind) => metrics.count('kintsugi_escaped_faults_total', { kind }),
    tell: ({ kind, error, count }) => logger.error({ error, kind, count }, 'A fault that nobody expected was held back'),
  });
}
