import type { BundledTask } from '../domain/bundled-job-status.js';
import { Chunk, type ChunkIdentity } from '../domain/chunk.js';
import { bytesOf, type ChunkDocument } from './chunk-document.js';

/** What tells how the tasks of a chunk stand. */
export interface ChunkStanding extends BundledTask {
  readonly identity: Pick<ChunkIdentity, 'id' | 'jobId' | 'count'> & { readonly jobs: readonly unknown[] | null };
}

export type StandingDocument = Pick<ChunkDocument, '_id' | 'job_id' | 'count' | 'states' | 'attempts'> & {
  extras: Partial<Pick<ChunkDocument['extras'], 'cancel' | 'paused'>>;
  /** Whether there is a job at each place of a bundle. */
  jobs: boolean[] | null;
};

/** Fields to be read: a bundle may hold a mebibyte of others. */
export const standingFields = {
  ...{ job_id: 1, count: 1, states: 1, attempts: 1, 'extras.cancel': 1, 'extras.paused': 1 },
  jobs: { $map: { input: '$jobs', in: { $ne: ['$$this', null] } } },
} as const;

export function standingFrom({ _id, job_id, count, states, attempts, extras, jobs }: StandingDocument): ChunkStanding {
  return {
    identity: { id: _id, jobId: job_id, count, jobs },
    state: { attempts: new Uint8Array(bytesOf(attempts)) },
    stateOf: (index) => Chunk.stateOfCode(states.charCodeAt(index)) ?? 'blocked',
    isCancelRequested: (index) => extras.cancel?.[index] === true,
    isPaused: (index) => extras.paused?.[index] === true,
  };
}
