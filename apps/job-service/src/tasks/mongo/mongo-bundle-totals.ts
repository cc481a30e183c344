import { Injectable } from '@nestjs/common';
import { taskStates, type TaskCounts, type TaskState } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import type { BundleMoment, BundleTotals } from '../bundle-totals.js';
import { chunkCollection } from './chunk-indexes.js';
import type { ChunkDocument } from './chunk-document.js';

/** As of the moment of the first read of a session. */
const asOfThen = { readConcern: { level: 'snapshot' } } as const;
const openBundles = { job_id: null, open: { $gt: 0 } } as const;

type Row = { _id: string } & Partial<Record<TaskState, number>>;

/** Bundles in MongoDB; it reads the past of a session for five minutes. */
@Injectable()
export class MongoBundleTotals implements BundleTotals {
  constructor(private readonly store: Store) {}

  async hold(): Promise<BundleMoment> {
    const session = this.store.client.startSession({ snapshot: true });
    const chunks = this.store.collection<ChunkDocument>(chunkCollection);
    const end = (): Promise<void> => session.endSession();
    try {
      await chunks.findOne({ _id: '' }, { session, ...asOfThen });
    } catch (error) {
      await end();
      throw error;
    }
    const sums = Object.fromEntries(taskStates.map((state) => [state, { $sum: { $ifNull: [`$tally.${state}`, 0] } }]));
    const group = [{ $match: openBundles }, { $group: { _id: '$queue', ...sums } }];
    return {
      read: async () => {
        const rows = await chunks.aggregate<Row>(group, { session, hint: 'open_bundles', ...asOfThen }).toArray();
        return new Map(rows.map(({ _id: queue, ...counts }) => [queue, counts as TaskCounts]));
      },
      end,
    };
  }
}
