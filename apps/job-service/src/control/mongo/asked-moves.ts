import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Actor } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Store, durable } from '@kintsugi/persistence';
import type { AskedMove } from '../../directory/job-handle.js';

const noted = ['cancel', 'pause', 'resume', 'prioritise', 'retry', 'rerun'] as const satisfies (
  AskedMove | 'prioritise' | 'retry' | 'rerun'
)[];

type NotedMove = (typeof noted)[number];

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

  /** Forgets who has asked for moves of jobs that are being deleted. */
  async remove(jobIds: readonly string[]): Promise<void> {
    const ids = jobIds.flatMap((jobId) => noted.map((move) => `${jobId} ${move}`));
    await this.moves.deleteMany({ _id: { $in: ids } }, durable);
  }

  async note(jobId: string, move: NotedMove, { actor, requestId }: Origin): Promise<void> {
    const asked = { requested_by: actor, request_id: requestId, requested_at: new Date() };
    const update = move === 'cancel' ? { $setOnInsert: asked } : { $set: asked };
    await this.moves.updateOne({ _id: `${jobId} ${move}` }, update, { upsert: true, ...durable });
  }
}
