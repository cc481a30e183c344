import type { RedisOptions } from 'bullmq';
import type { Address } from '../system/system-under-test.js';

/** BullMQ wants commands to wait for a lost server for as long as it takes. */
export function connectionOf(address: Address): RedisOptions {
  return { host: String(address['host']), port: Number(address['port']), maxRetriesPerRequest: null };
}
