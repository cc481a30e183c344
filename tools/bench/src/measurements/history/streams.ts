import type { Client } from '@kintsugi/client';
import { percentilesOf, type Percentiles } from '../percentiles.js';
import { until } from '../until.js';

const streams = 500;
const jobs = 20;
/** Streams that are opened at once. */
const openedAtOnce = 50;

/** How long after its creation was asked for a job is heard of, by each of very many who follow all jobs at one gateway. */
export async function measureStreams(client: Client, signal: AbortSignal): Promise<Percentiles> {
  const ended = new AbortController();
  const tookMs: number[] = [];
  /** It may be heard of before whoever has created it is answered. */
  const heard = new Map<string, number[]>();
  let open = 0;
  const follow = async (): Promise<void> => {
    for await (const told of client.followTopics(['jobs'], { signal: AbortSignal.any([signal, ended.signal]) })) {
      const at = performance.now();
      if (told.event === 'ready') open += 1;
      if (told.event !== 'job.created') continue;
      for (const { job_id: jobId } of told.data.jobs ?? []) {
        const id = String(jobId);
        heard.set(id, [...(heard.get(id) ?? []), at]);
      }
    }
  };
  const all: Promise<void>[] = [];
  try {
    while (all.length < streams) {
      for (let n = 0; n < openedAtOnce; n += 1) all.push(follow().catch(unlessEnded));
      await until('the streams are open', async () => (open === all.length ? true : null));
    }
    for (let n = 0; n < jobs; n += 1) {
      const startedAt = performance.now();
      const { job_id: jobId } = await client.createJob({
        ...{ product_id: 'bench', sending_group_id: 'bench', user_id: 'bench', type: 'bench.unserved' },
        tasks: [{ payload: {} }],
      });
      await until('all streams have heard', async () => (heard.get(jobId)?.length === streams ? true : null));
      tookMs.push(...(heard.get(jobId) ?? []).map((at) => at - startedAt));
    }
  } finally {
    ended.abort();
    await Promise.all(all);
  }
  return percentilesOf(tookMs);

  function unlessEnded(error: unknown): void {
    if (!ended.signal.aborted) throw error;
  }
}
