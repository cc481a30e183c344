import type { AnyBulkWriteOperation } from 'mongodb';
import type { TaskSums, Chunk, OutboxEntry } from '../domain/chunk.js';
import type { ChunkFacts } from '../domain/chunk-facts.js';
import { chunkDocument, mutablePart, type ChunkDocument } from './chunk-document.js';

/** Who writes: an epoch of leadership, and the number of the write in it. No two writes of a chunk share both. */
export interface WriteMark {
  epoch: number;
  write: number;
}

/** One chunk's change as it stood when the write was made up. */
export interface PendingWrite extends WriteMark {
  chunk: Chunk;
  operation: AnyBulkWriteOperation<ChunkDocument>;
  /** What the chunk adds up to once this is written, and what happened since the write before. */
  sums: TaskSums;
  facts: ChunkFacts;
  /** The events that it promises. */
  promised: OutboxEntry[];
}

/** Makes up the write of everything that has changed since the last one. */
export function prepareWrite(chunk: Chunk, mark: WriteMark): PendingWrite {
  const expected = chunk.state.version;
  chunk.state.version = expected + 1;
  const operation: PendingWrite['operation'] =
    expected === 0
      ? { insertOne: { document: { ...chunkDocument(chunk, mark.epoch), write: mark.write } } }
      : updateOf(chunk, expected, mark);
  chunk.changedExtras.clear();
  const { promised } = chunk;
  chunk.promised = [];
  return { ...mark, chunk, operation, promised, sums: chunk.sums(), facts: chunk.takeFacts() };
}

/** Applies to the version that it was made from and to no other. */
function updateOf(chunk: Chunk, expected: number, { epoch, write }: WriteMark): PendingWrite['operation'] {
  const set: Record<string, unknown> = { ...mutablePart(chunk, epoch), write, version: expected + 1 };
  const unset: Record<string, ''> = {};
  for (const path of chunk.changedExtras) {
    const [kind, index] = path.split('.') as [keyof Chunk['state']['extras'], string];
    const value = chunk.state.extras[kind][Number(index)];
    if (value === undefined) unset[`extras.${path}`] = '';
    else set[`extras.${path}`] = value;
  }
  const push = chunk.promised.length > 0 ? { $push: { outbox: { $each: chunk.promised } } } : {};
  const update = { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}), ...push };
  return { updateOne: { filter: { _id: chunk.id, version: expected }, update } };
}

/**
 * Whether a chunk stands as this write has left it. Its version alone does not say so: another write, of this epoch or of
 * another, may have made the same version of it.
 */
export function standsAsWritten(standing: Partial<WriteMark> | undefined, { epoch, write }: WriteMark): boolean {
  return standing?.epoch === epoch && standing.write === write;
}
