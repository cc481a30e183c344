import type { Collection } from 'mongodb';
import type { Store } from '@kintsugi/persistence';
import { resolutionMs, type Resolution, type UsageRecord } from '../domain/usage-record.js';
import type { UsageQuery, UsageStore } from '../usage-store.js';
import { usageCollections } from './usage-collections.js';

/** A record as it is stored, in a bucket of MongoDB's with others of its job and worker. */
interface StoredUsage {
  at: Date;
  of: Pick<UsageRecord, 'kind' | 'id' | 'worker'>;
  span: number;
  busy: number;
  cpu: number;
  memory: number | null;
  measured: boolean;
  done: number;
  failed: number;
  run: number;
}

interface MadeUpTo {
  _id: Resolution;
  up_to: number;
}

const before = { minute: 'sample', hour: 'minute' } as const;
const perRead = 1_000;
const perWrite = 1_000;

/** Usage in time-series collections, which MongoDB compresses and drops by itself. */
export class MongoUsageStore implements UsageStore {
  private readonly made: Collection<MadeUpTo>;

  constructor(private readonly store: Store) {
    this.made = store.collection<MadeUpTo>('usage_made');
  }

  async add(resolution: Resolution, records: readonly UsageRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += perWrite) {
      await this.of(resolution).insertMany(records.slice(from, from + perWrite).map(storedOf), { ordered: false });
    }
  }

  async *read(
    resolution: Resolution,
    { kind, ids, from, before: end }: UsageQuery,
  ): AsyncGenerator<UsageRecord, void, undefined> {
    const query = { 'of.kind': kind, 'of.id': { $in: [...ids] }, at: { $gte: new Date(from), $lt: new Date(end) } };
    const known = new Set<string>();
    for await (const stored of this.of(resolution)
      .find(query, { projection: { _id: 0 } })
      .batchSize(perRead)) {
      const record = recordOf(stored);
      const key = `${record.id} ${record.worker} ${record.at}`;
      if (resolution !== 'sample' && known.has(key)) continue;
      if (resolution !== 'sample') known.add(key);
      yield record;
    }
  }

  async madeUpTo(resolution: Exclude<Resolution, 'sample'>): Promise<number> {
    return (await this.made.findOne({ _id: resolution }))?.up_to ?? 0;
  }

  async rollUp(resolution: Exclude<Resolution, 'sample'>, from: number, end: number): Promise<number> {
    const ms = resolutionMs[resolution];
    const start = { $dateTrunc: { date: '$at', unit: resolution } };
    const found = this.of(before[resolution]).aggregate<StoredUsage & { _id: { at: Date; of: StoredUsage['of'] } }>(
      [
        { $match: { at: { $gte: new Date(from), $lt: new Date(end) } } },
        ...(resolution === 'minute'
          ? []
          : [
              { $group: { _id: { of: '$of', at: '$at' }, first: { $first: '$$ROOT' } } },
              { $replaceRoot: { newRoot: '$first' } },
            ]),
        {
          $group: {
            _id: { of: '$of', at: start },
            ...Object.fromEntries(
              ['span', 'busy', 'cpu', 'done', 'failed', 'run'].map((field) => [field, { $sum: `$${field}` }]),
            ),
            memory: { $max: '$memory' },
            measured: { $max: '$measured' },
          },
        },
      ],
      { allowDiskUse: true, batchSize: perRead },
    );
    let made = 0;
    let group: StoredUsage[] = [];
    const write = async (): Promise<void> => {
      if (group.length > 0) await this.of(resolution).insertMany(group, { ordered: false });
      made += group.length;
      group = [];
    };
    for await (const { _id, ...sums } of found) {
      group.push({ ...sums, of: _id.of, at: new Date(_id.at.getTime() + ms / 2) });
      if (group.length >= perWrite) await write();
    }
    await write();
    await this.made.updateOne({ _id: resolution }, { $max: { up_to: end } }, { upsert: true });
    return made;
  }

  async earliest(resolution: Resolution): Promise<number | null> {
    const [first] = await this.of(resolution)
      .find({}, { projection: { at: 1 } })
      .sort({ at: 1 })
      .limit(1)
      .toArray();
    return first?.at.getTime() ?? null;
  }

  async remove(jobIds: readonly string[]): Promise<void> {
    for (const name of Object.values(usageCollections)) {
      await this.store.collection(name).deleteMany({ 'of.kind': 'job', 'of.id': { $in: [...jobIds] } });
    }
  }

  private of(resolution: Resolution): Collection<StoredUsage> {
    return this.store.collection<StoredUsage>(usageCollections[resolution]);
  }
}

function storedOf({
  kind,
  id,
  worker,
  at,
  spanMs,
  busyMs,
  cpuMs,
  memoryMib,
  measured,
  done,
  failed,
  runMs,
}: UsageRecord): StoredUsage {
  return {
    ...{ at: new Date(at), of: { kind, id, worker }, span: spanMs, busy: busyMs, cpu: cpuMs, memory: memoryMib },
    ...{ measured, done, failed, run: runMs },
  };
}

function recordOf({ at, of, span, busy, cpu, memory, measured, done, failed, run }: StoredUsage): UsageRecord {
  return {
    ...of,
    ...{ at: at.getTime(), spanMs: span, busyMs: busy, cpuMs: cpu, memoryMib: memory },
    ...{ measured, done, failed, runMs: run },
  };
}
