import { Store } from '@kintsugi/persistence';
import { until } from '../measurements/until.js';
import { errorRecordSample, failureGroupSample, type ErrorSampling } from '../domain/error-samples.js';

/** The database of recovery-service, on a platform that comes as it is. */
const database = 'kintsugi_recovery';
const hoursCollection = 'failure_hours';
const sievesCollection = 'failure_sieves';
/** The last hours are not over for long enough. */
const hoursLaidMsMax = 3 * 3_600_000;
const pollMs = 500;
const documentsAtOnce = 2_000;
const writers = 4;

/** Lays error records and their groups into the store of a platform, as recovery-service leaves them. */
export async function fillErrors(mongoUrl: string, sampling: ErrorSampling, signal: AbortSignal): Promise<void> {
  const store = await Store.connect({ url: mongoUrl, database, applicationName: 'bench-filler', signal }, () => undefined);
  try {
    await fill(store, 'error_records', sampling.records, (n) => errorRecordSample(n, sampling), signal);
    await fill(store, 'failure_groups', sampling.groups, (n) => failureGroupSample(n, sampling), signal);
    // The service was told of none of them: what it has laid down of some goes, and it begins anew.
    for (const collection of [hoursCollection, sievesCollection]) await store.collection(collection).deleteMany({});
  } finally {
    await store.client.close();
  }
}

/** Waits until recovery-service has laid down the hours of records for analyses. */
export async function untilHoursAreLaid(mongoUrl: string, { now }: ErrorSampling): Promise<void> {
  const store = await Store.connect({ url: mongoUrl, database, applicationName: 'bench-filler' }, () => undefined);
  try {
    const reached = { reached: { $gt: now - hoursLaidMsMax } };
    await until('hours of failures were laid down', () => store.collection(hoursCollection).findOne(reached), pollMs);
  } finally {
    await store.client.close();
  }
}

async function fill(
  store: Store,
  collection: string,
  count: number,
  sampleOf: (n: number) => { _id: string },
  signal: AbortSignal,
): Promise<void> {
  const documents = store.collection<{ _id: string }>(collection);
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      signal.throwIfAborted();
      const from = next;
      next = Math.min(count, from + documentsAtOnce);
      await documents.insertMany(
        Array.from({ length: next - from }, (_, at) => sampleOf(from + at)),
        { ordered: false },
      );
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}
