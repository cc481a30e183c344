import { Binary, type Collection } from 'mongodb';
import { durable, type IndexDefinition, type Store } from '@kintsugi/persistence';
import { compressLines, decompressLines } from '../../task-logs/packing/compressed-lines.js';
import type { HourColumns, LaidHour, WholeHour } from '../domain/hour-columns.js';
import { ColumnsPart } from '../domain/job-columns.js';

interface HourDocument {
  /** Epoch milliseconds of its start. */
  _id: number;
  /** Rises with each change that is announced. */
  changed: number;
  changed_at: Date;
  /** The value of `changed` that was laid down last, in how many parts and bytes, and when. */
  laid?: number;
  parts?: number;
  bytes?: number;
  laid_at?: Date;
  /** Older versions than this are removed. */
  swept?: number;
}

interface PartDocument {
  _id: string;
  hour: number;
  version: number;
  part: number;
  bytes: Binary;
}

const hoursCollection = 'history_hours';
const columnsCollection = 'history_columns';

export const columnsIndex: IndexDefinition = {
  collection: columnsCollection,
  keys: { hour: 1, version: 1, part: 1 },
  options: { name: 'hour', unique: true },
};

export class MongoHourColumns implements HourColumns {
  private readonly hours: Collection<HourDocument>;
  private readonly columns: Collection<PartDocument>;

  constructor(store: Store) {
    this.hours = store.collection<HourDocument>(hoursCollection);
    this.columns = store.collection<PartDocument>(columnsCollection);
  }

  async markChanged(hours: readonly number[]): Promise<void> {
    if (hours.length === 0) return;
    const update = { $inc: { changed: 1 }, $currentDate: { changed_at: true } } as const;
    const operations = hours.map((hour) => ({ updateOne: { filter: { _id: hour }, update, upsert: true } }));
    await this.hours.bulkWrite(operations, { ordered: false, ...durable });
  }

  async discard(hours: readonly number[]): Promise<void> {
    if (hours.length === 0) return;
    await this.markChanged(hours);
    await this.columns.deleteMany({ hour: { $in: [...hours] } });
  }

  async laid(from: number, before: number): Promise<WholeHour[]> {
    const query = { _id: { $gte: from, $lt: before }, $expr: { $eq: ['$laid', '$changed'] } };
    const hours = await this.hours.find(query).sort({ _id: 1 }).toArray();
    return hours.map(({ _id: hour, laid: version = 0, parts = 0, bytes = 0 }) => ({ hour, version, parts, bytes }));
  }

  async read(hours: readonly WholeHour[]): Promise<Map<number, ColumnsPart[]>> {
    const versions = new Map(hours.map(({ hour, version }) => [hour, version]));
    const found = new Map(hours.map(({ hour }): [number, ColumnsPart[]] => [hour, []]));
    const query = { hour: { $in: [...versions.keys()] } };
    for await (const { hour, version, bytes } of this.columns.find(query).sort({ hour: 1, version: 1, part: 1 })) {
      if (versions.get(hour) === version) found.get(hour)?.push(new ColumnsPart(hour, await decompressLines(bytes.value())));
    }
    for (const { hour, parts } of hours) if (found.get(hour)?.length !== parts) found.delete(hour);
    return found;
  }

  async stale(settledBefore: number, most: number): Promise<number[]> {
    const query = { changed_at: { $lt: new Date(settledBefore) }, $expr: { $ne: ['$laid', '$changed'] } };
    const hours = await this.hours.find(query).sort({ _id: 1 }).limit(most).toArray();
    return hours.map(({ _id }) => _id);
  }

  async isToLay(hour: number, settledBefore: number): Promise<boolean> {
    const known = await this.hours.findOne({ _id: hour });
    return known === null || (known.laid !== known.changed && known.changed_at.getTime() < settledBefore);
  }

  async begin(hour: number): Promise<LaidHour> {
    const options = { upsert: true, returnDocument: 'after' } as const;
    const first = { $setOnInsert: { changed: 0, changed_at: new Date(0) } };
    const document = await this.hours.findOneAndUpdate({ _id: hour }, first, options);
    return { hour, version: document?.changed ?? 0 };
  }

  async putPart({ hour, version }: LaidHour, part: number, bytes: Buffer): Promise<void> {
    const document = { hour, version, part, bytes: new Binary(await compressLines(bytes)) };
    await this.columns.replaceOne({ _id: `${hour}.${version}.${part}` }, document, { upsert: true });
  }

  async complete({ hour, version }: LaidHour, size: Pick<WholeHour, 'parts' | 'bytes'>): Promise<boolean> {
    const update = { $set: { laid: version, ...size }, $currentDate: { laid_at: true } } as const;
    return (await this.hours.updateOne({ _id: hour, changed: version }, update)).matchedCount > 0;
  }

  async sweep(retiredBefore: number, firstHour: number): Promise<void> {
    const old = { laid_at: { $lt: new Date(retiredBefore) }, $expr: { $ne: ['$swept', '$laid'] } };
    for await (const { _id: hour, laid } of this.hours.find(old)) {
      if (laid === undefined) continue;
      await this.columns.deleteMany({ hour, version: { $lt: laid } });
      await this.hours.updateOne({ _id: hour, laid }, { $set: { swept: laid } });
    }
    await this.columns.deleteMany({ hour: { $lt: firstHour } });
    await this.hours.deleteMany({ _id: { $lt: firstHour } });
  }
}
