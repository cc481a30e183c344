import type { Collection } from 'mongodb';
import type { ChunkDocument } from '../../tasks/mongo/chunk-document.js';

/** Ids of chunks looked at for a page, from the index alone: a job of a million tasks has 4,000. */
export const chunkIdsMax = 4_096;
export const uuidLength = 36;
const withoutPayload = { tasks: 0, 'extras.results': 0, 'extras.logs': 0, 'extras.params': 0 };

/** The UUID in the id of a job. */
export function uuidOf(jobId: string): string {
  return jobId.slice(4, 4 + uuidLength);
}

/** Those of the chunks that are bundles of jobs and are live, without what they carry. */
export function bundlesOf(chunks: Collection<ChunkDocument>, ids: readonly string[]) {
  const filter = { _id: { $in: [...ids] }, job_id: null, staged_at: { $exists: false } };
  return chunks.find(filter, { projection: withoutPayload });
}
