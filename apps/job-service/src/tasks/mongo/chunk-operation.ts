import type { AnyBulkWriteOperation } from 'mongodb';
import type { MarkedChange } from '../chunk-record.js';
import { chunkDocument, mutablePart, type ChunkDocument } from './chunk-document.js';

export type ChunkOperation = AnyBulkWriteOperation<ChunkDocument>;

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
