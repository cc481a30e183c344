import type { ActionName } from '@kintsugi/contracts';

/** What reads many records, or has many looked at, whatever comes of it. */
const wide = /^(list|detect|fetch)|^(getJobInfo|getJobMetrics|getFleet|testRetry)$/;

/** As how many requests an action counts against the rate of its caller: as many as what answers the same to GET. */
export function weightOf(action: ActionName): number {
  if (action === 'analyzeErrors') return 50;
  return wide.test(action) ? 5 : 1;
}
