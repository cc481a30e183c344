import type { Operation } from '../operation.js';
import { getJobMetricsSchema, jobMetricsSchema } from './job-metrics.js';
import { fleetSchema, getFleetSchema } from './fleet.js';

/** What a dashboard asks for. */
export const liveOperations = {
  getJobMetrics: {
    service: 'metrics',
    endpoint: '/job-operations',
    role: 'viewer',
    tenancy: 'records',
    about: 'CPU, memory, durations and throughput of jobs over time, in aligned buckets; what was not sampled is a gap.',
    request: getJobMetricsSchema,
    response: jobMetricsSchema,
  },
  getFleet: {
    service: 'metrics',
    endpoint: '/job-operations',
    role: 'viewer',
    tenancy: 'platform',
    about: 'How all of the platform goes on now: rates, queues, workers, retries, and groups of failures that grow.',
    request: getFleetSchema,
    response: fleetSchema,
  },
} as const satisfies Record<string, Operation>;
