import type { Collection, Filter, OptionalUnlessRequiredId, UpdateFilter } from 'mongodb';
import { durable } from '@kintsugi/persistence';
import type { MarkedChange } from '../chunk-record.js';
import { chunkDocument, mutablePart, type ChunkDocument } from './chunk-document.js';

export type ChunkOperation =
  | { insertOne: { document: OptionalUnlessRequiredId<ChunkDocument> } }
  | { updateOne: { filter: Filter<ChunkDocument>; update: UpdateFilter<ChunkDocument> } };

/** The operation that writes a change: it applies to the version that the change was made from and to no other. */
export function operationOf({ change, epoch, write }: MarkedChange): ChunkOperation {
  const { chunk, from, version, extras, promised } = change;
  if (from === 0) return { insertOne: { document: { ...chunkDocument(change, epoch), write } } };
  const set: Record<string, unknown> = { ...mutablePart(change, epoch), write, version };
  const unset: Record<string, ''> = {};
  for (const [kind, index, value] of extras) {
    if (value === undefined) unset[`extras.${kind}.${index}`] = '';
    else set[`extras.${kind}.${index}`] = value;
  }
  const push = promised.length > 0 ? { $push: { outbox: { $each: [...promised] } } } : {};
  const update = { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}), ...push };
  return { updateOne: { filter: { _id: chunk.id, version: from }, update } };
}

/**
 * Has operations made and gives how many applied. The driver's work for many costs a lone one, as there is in a system with little to
 * do, as much as the operation itself.
 */
export async function applied(chunks: Collection<ChunkDocument>, operations: readonly ChunkOperation[]): Promise<number> {
  const [only] = operations;
  if (operations.length > 1 || !only) {
    const { insertedCount, matchedCount } = await chunks.bulkWrite(operations, { ordered: false, ...durable });
    return insertedCount + matchedCount;
  }
  if ('insertOne' in only) {
    await chunks.insertOne(only.insertOne.document, durable);
    return 1;
  }
  const { filter, update } = only.updateOne;
  return (await chunks.updateOne(filter, update, durable)).matchedCount;
}
