import type { DatabaseSchema } from '@kintsugi/persistence';

/** The database of metrics-service, which is as it was from the beginning. */
export const schema: DatabaseSchema = { database: 'metrics', migrations: [] };
