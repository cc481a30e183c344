import type { Alert } from '../alerts/alert.js';
import { objectives, type Objective } from './objectives.js';

export interface RecordingRule {
  record: string;
  expr: string;
  labels: Record<string, string>;
}

/** The ratio of errors over a window, by objective. */
export const errorRatio = (window: string): string => `kintsugi:slo_errors:ratio_rate${window}`;
/** What the windows are asked about. */
export const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

/**
 * A budget of thirty days burns so many times too fast: over the long window, so that it matters, and over the short one, so
 * that it still goes on. The pairs are those of Google's SRE workbook.
 */
const fast = [
  { factor: 14.4, long: '1h', short: '5m' },
  { factor: 6, long: '6h', short: '30m' },
] as const;
const slow = [
  { factor: 3, long: '1d', short: '2h' },
  { factor: 1, long: '3d', short: '6h' },
] as const;

export const burnRecordings: readonly RecordingRule[] = objectives.flatMap(({ slo, errors, total }) =>
  windows.map((window) => ({ record: errorRatio(window), expr: `(${errors(window)}) / (${total(window)})`, labels: { slo } })),
);

export const burnAlerts: readonly Alert[] = objectives.flatMap((objective) => [
  burnAlert(objective, 'Fast', 'page', '2m', fast),
  burnAlert(objective, 'Slow', 'ticket', '15m', slow),
]);

function burnAlert(
  { slo, title, objective, total, minRate, alert, means, look, mend }: Objective,
  speed: 'Fast' | 'Slow',
  severity: Alert['severity'],
  held: string,
  pairs: readonly { factor: number; long: string; short: string }[],
): Alert {
  const budget = 1 - objective;
  const above = (window: string, factor: number): string =>
    `max(${errorRatio(window)}{slo="${slo}"}) > ${Number((factor * budget).toPrecision(6))}`;
  const burning = pairs.map(({ factor, long, short }) => `(${above(long, factor)} and ${above(short, factor)})`);
  const guard = `${total(pairs[0]?.long ?? '1h')} > ${minRate}`;
  return {
    name: `${alert}${speed}`,
    severity,
    expr: `(${burning.join(' or ')}) and ${guard}`,
    for: held,
    labels: { slo },
    summary: `${title}: {{ $value | humanizePercentage }} do not`,
    description: `The error budget of ${percentOf(budget)} burns ${speed === 'Fast' ? 'so fast that it is gone within days' : 'faster than it comes back'}.`,
    dashboard: 'slo',
    runbook: { means, look, mend },
  };
}

function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
