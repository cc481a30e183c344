import { Store } from '@kintsugi/persistence';
import { errorRecordSample, failureGroupSample, type ErrorSampling } from '../domain/error-samples.js';

/** The database of recovery-service, on a platform that comes as it is. */
const database = 'kintsugi_recovery';
const documentsAtOnce = 2_000;
const writers = 4;

/** Lays error records and their groups into the store of a platform, as recovery-service leaves them. */
export async function fillErrors(mongoUrl: string, sampling: ErrorSampling, signal: AbortSignal): Promise<void> {
  const store = await Store.connect({ url: mongoUrl, database, applicationName: 'bench-filler', signal }, () => undefined);
  try {
    await fill(store, 'error_records', sampling.records, (n) => errorRecordSample(n, sampling), signal);
    await fill(store, 'failure_groups', sampling.groups, (n) => failureGroupSample(n, sampling), signal);
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
