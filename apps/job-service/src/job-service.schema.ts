import type { DatabaseSchema } from '@kintsugi/persistence';

/** The database of job-service, which is as it was from the beginning. */
export const schema: DatabaseSchema = { database: 'jobs', migrations: [] };
