/** The systems that are measured, ours first. */
export const systemNames = ['kintsugi', 'bullmq', 'bullmq-always', 'graphile-worker', 'dbos', 'restate'] as const;

export type SystemName = (typeof systemNames)[number];

/** How a worker is set up: as its documentation advises for throughput, or as it comes. */
export type WorkerProfile = 'tuned' | 'default' | 'short-lock';

/** What there is to measure, in the order of the report. */
export const measurementNames = [
  'idle',
  'bulk',
  'single',
  'http',
  'pickup',
  'recovery',
  'memory',
  'flood',
  'failures',
  'errors',
  'history',
  'changes',
  'steps',
  'repair',
  'backlog',
  'tracing',
  'console',
  'logs',
  'pool',
  'defaults',
] as const;

export type MeasurementName = (typeof measurementNames)[number];

/** What each system is measured in. Ours comes with nothing to tune, and graphile-worker would be waited for four hours. */
const measurementsOf: Record<SystemName, readonly MeasurementName[]> = {
  kintsugi: [
    ...(['idle', 'bulk', 'single', 'http', 'pickup', 'recovery', 'memory', 'flood'] as const),
    ...(['failures', 'errors', 'history', 'changes', 'steps', 'repair', 'backlog', 'tracing'] as const),
    ...(['console', 'logs', 'pool'] as const),
  ],
  bullmq: ['idle', 'bulk', 'single', 'pickup', 'recovery', 'defaults'],
  'bullmq-always': ['bulk', 'single', 'pickup'],
  'graphile-worker': ['idle', 'bulk', 'single', 'pickup', 'defaults'],
  dbos: ['single'],
  restate: ['http'],
};

export function isMeasuredIn(system: SystemName, measurement: MeasurementName): boolean {
  return measurementsOf[system].includes(measurement);
}
