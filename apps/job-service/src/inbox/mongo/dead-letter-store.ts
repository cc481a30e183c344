import type { Collection } from 'mongodb';
import { durable, type IndexDefinition, type Store } from '@kintsugi/persistence';
import type { Problem } from '@kintsugi/contracts';

const deadLetterCollection = 'dead_letters';
const thirtyDays = 30 * 24 * 3600;

/** A command that could not be carried out, with the reason and what is needed to send it again. */
export interface DeadLetter {
  /** Stream, sequence and time of the message, so that a second delivery is the same letter. */
  _id: string;
  subject: string;
  stream_sequence: number;
  message_id: string | null;
  reason: string;
  problem: Problem;
  /** The beginning of the payload; bytes that are not UTF-8 are replaced. */
  payload: string;
  payload_bytes: number;
  received_at: Date;
}

export const deadLetterIndexes: readonly IndexDefinition[] = [
  { collection: deadLetterCollection, keys: { received_at: 1 }, options: { name: 'expiry', expireAfterSeconds: thirtyDays } },
  { collection: deadLetterCollection, keys: { reason: 1, received_at: -1 }, options: { name: 'reason' } },
];

export class DeadLetterStore {
  private readonly letters: Collection<DeadLetter>;

  constructor(store: Store) {
    this.letters = store.collection<DeadLetter>(deadLetterCollection);
  }

  async keep(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.letters.bulkWrite(
      letters.map((letter) => ({ replaceOne: { filter: { _id: letter._id }, replacement: letter, upsert: true } })),
      { ordered: false, ...durable },
    );
  }
}
