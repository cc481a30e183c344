import type { DatabaseSchema } from '@kintsugi/persistence';

/** The database of the gateway, which is as it was from the beginning. */
export const schema: DatabaseSchema = { database: 'access', migrations: [] };
