import { z } from 'zod';
import { isOwn } from './own-databases.js';

export const manifestName = 'manifest.json';

const collectionSchema = z.strictObject({
  database: z.string().min(1),
  collection: z.string().min(1),
  /** Of its documents as BSON one after the other, compressed by zstd. */
  file: z.string().regex(/^[A-Za-z0-9._-]+\.bson\.zst$/),
  documents: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of the file as it lies there. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** As MongoDB tells them, in its Extended JSON. */
  options: z.record(z.string(), z.unknown()),
  indexes: z.array(z.record(z.string(), z.unknown())),
});

/** What a backup holds. It is written last: a folder without it is no backup. */
export const manifestSchema = z
  .strictObject({
    format: z.literal('kintsugi-backup-1'),
    /** Of the databases, such as `kintsugi`. */
    prefix: z.string().min(1),
    /** All that was written up to here is in it, in every database, and nothing that was written later. */
    taken_at: z.iso.datetime(),
    collections: z.array(collectionSchema),
  })
  .refine(
    ({ prefix, collections }) => collections.every(({ database }) => isOwn(database, prefix)),
    'databases of the installation are wanted, and no others',
  );

export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackedUpCollection = z.infer<typeof collectionSchema>;

export interface BackupSums {
  collections: number;
  documents: number;
  bytes: number;
}

export function sumsOf({ collections }: Pick<BackupManifest, 'collections'>): BackupSums {
  return {
    collections: collections.length,
    documents: collections.reduce((sum, { documents }) => sum + documents, 0),
    bytes: collections.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
