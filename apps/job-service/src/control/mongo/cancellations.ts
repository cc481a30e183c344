import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Actor } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Store, durable } from '@kintsugi/persistence';

interface Cancellation {
  /** The job. */
  _id: string;
  requested_by: Actor;
  request_id: string;
  requested_at: Date;
}

/** Who has had a job cancelled. Who asks for it once more, while it is under way, changes nothing of that. */
@Injectable()
export class Cancellations {
  private readonly cancellations: Collection<Cancellation>;

  constructor(store: Store) {
    this.cancellations = store.collection<Cancellation>('cancellations');
  }

  async note(jobId: string, { actor, requestId }: Origin): Promise<void> {
    const asked = { requested_by: actor, request_id: requestId, requested_at: new Date() };
    await this.cancellations.updateOne({ _id: jobId }, { $setOnInsert: asked }, { upsert: true, ...durable });
  }
}
