import type { Operation } from '../operation.js';
import { fleetSchema, getFleetSchema } from './fleet.js';

/** What a dashboard asks for. */
export const liveOperations = {
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
