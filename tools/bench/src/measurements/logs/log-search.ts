import { zstdDecompressSync } from 'node:zlib';
import type { Client } from '@kintsugi/client';
import type { Readings } from '../../domain/figure-book.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import type { FilledLog } from '../../load/log-filler.js';

/** A block is unpacked in one step. */
const unpackedMax = 512 * 1_024;

/** A text that stands once in a log of many bytes, and what to unpack and look through them takes in one thread. */
export async function measureLogSearch(client: Client, jobId: string, text: string, filled: FilledLog): Promise<Readings> {
  const bareMs = unpackAndLook(filled, text);
  const startedAtMs = monotonicMs();
  let found = 0;
  for (let cursor: string | undefined; ;) {
    const page = await client.readLog(jobId, { text, ...(cursor === undefined ? {} : { cursor }) });
    found += page.lines.length;
    if (page.at_end) break;
    cursor = page.next_cursor ?? undefined;
  }
  const tookMs = monotonicMs() - startedAtMs;
  if (found !== 1) throw new Error(`The text stands once in the log and was found ${found} times.`);
  return { log_search_ms: tookMs, log_search_bare_ms: bareMs };
}

function unpackAndLook({ packed, bytes }: FilledLog, text: string): number {
  const startedAtMs = monotonicMs();
  for (let [n, looked] = [0, 0]; looked < bytes; n += 1) {
    const lines = zstdDecompressSync(packed[n % packed.length] as Buffer, { chunkSize: unpackedMax });
    lines.includes(text);
    looked += lines.length;
  }
  return monotonicMs() - startedAtMs;
}
