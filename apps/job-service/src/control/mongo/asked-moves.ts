import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Actor } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Store, durable } from '@kintsugi/persistence';
import type { AskedMove } from '../../directory/job-handle.js';

interface AskedMoveDocument {
  /** The job and the move. */
  _id: string;
  requested_by: Actor;
  request_id: string;
  requested_at: Date;
}

/** Who has had a job moved, by move: of a cancellation the first, since who asks once more changes nothing; else the last. */
@Injectable()
export class AskedMoves {
  private readonly moves: Collection<AskedMoveDocument>;

  constructor(store: Store) {
    this.moves = store.collection<AskedMoveDocument>('asked_moves');
  }

  async note(jobId: string, move: AskedMove | 'prioritise', { actor, requestId }: Origin): Promise<void> {
    const asked = { requested_by: actor, request_id: requestId, requested_at: new Date() };
    const update = move === 'cancel' ? { $setOnInsert: asked } : { $set: asked };
    await this.moves.updateOne({ _id: `${jobId} ${move}` }, update, { upsert: true, ...durable });
  }
}
