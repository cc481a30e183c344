import type { DatabaseSchema } from '@kintsugi/persistence';
import { timesAsDates } from './migrations/mongo/0001-times-as-dates.js';
import { failedRuns } from './migrations/mongo/0002-failed-runs.js';
import { policyVersions } from './migrations/mongo/0003-policy-versions.js';
import { failureHoursInParts } from './migrations/mongo/0004-failure-hours-in-parts.js';

/** The database of recovery-service: a new migration is added at the end, and none is ever changed. */
export const schema: DatabaseSchema = {
  database: 'recovery',
  migrations: [timesAsDates, failedRuns, policyVersions, failureHoursInParts],
};
