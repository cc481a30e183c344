import { Store } from '@kintsugi/persistence';
import type { SystemUnderTest } from '../../system/system-under-test.js';
import { until } from '../until.js';

/** The database of metrics-service, on a platform that comes as it is. */
const database = 'kintsugi_metrics';
const hoursCollection = 'history_hours';
const service = 'metrics-service';
/** Later hours are not over for long enough. */
const hoursLaidMsMax = 3 * 3_600_000;
const pollMs = 500;

interface HourDocument {
  _id: number;
  changed_at: Date;
}

/**
 * Waits until the hours of the history are laid down. That is done some minutes after the last change, and every few minutes: the
 * changes are made to look older, and the service is started anew.
 */
export async function layDownHistory(mongoUrl: string, system: SystemUnderTest, signal: AbortSignal): Promise<void> {
  const store = await Store.connect({ url: mongoUrl, database, applicationName: 'bench-filler', signal }, () => undefined);
  try {
    const hours = store.collection<HourDocument>(hoursCollection);
    await hours.updateMany({}, { $set: { changed_at: new Date(0) } });
    const pidOf = (): number | undefined => system.processes().services.find(({ name }) => name === service)?.pid;
    const before = pidOf();
    if (before === undefined) throw new Error(`${service} does not run.`);
    process.kill(before, 'SIGTERM');
    await until(`${service} is started anew`, async () => (pidOf() === before ? null : (pidOf() ?? null)), pollMs);
    const open = { _id: { $lt: Date.now() - hoursLaidMsMax }, $expr: { $ne: ['$laid', '$changed'] } };
    await until('the hours of the history are laid down', async () => ((await hours.findOne(open)) ? null : true), pollMs);
  } finally {
    await store.client.close();
  }
}
