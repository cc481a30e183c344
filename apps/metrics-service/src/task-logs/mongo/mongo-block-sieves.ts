import { Binary, type Collection } from 'mongodb';
import type { Store } from '@kintsugi/persistence';
import { passes } from '../domain/block-sieve.js';

const sieveCollection = 'log_sieves';
const insertOptions = { ordered: false, writeConcern: { w: 1 } } as const;

/** The sieve of a block, by the id of the block. */
interface SieveDocument {
  _id: string;
  sieve: Binary;
}

/** What blocks may hold, apart from them: to look through the sieves of a log takes a hundredth of reading its blocks. */
export class MongoBlockSieves {
  private readonly sieves: Collection<SieveDocument>;

  constructor(store: Store) {
    this.sieves = store.collection<SieveDocument>(sieveCollection);
  }

  async add(sieves: readonly { _id: string; sieve: Uint8Array | null }[]): Promise<void> {
    const documents = sieves.flatMap(({ _id, sieve }) => (sieve ? [{ _id, sieve: new Binary(sieve) }] : []));
    if (documents.length > 0) await this.sieves.insertMany(documents, insertOptions);
  }

  /** Those of some blocks that hold a text for certain not. One without a sieve may hold any. */
  async holdingBack(ids: readonly string[], text: Uint8Array): Promise<Set<string>> {
    const found = await this.sieves.find({ _id: { $in: [...ids] } }).toArray();
    return new Set(found.filter(({ sieve }) => !passes(sieve.buffer, text)).map(({ _id }) => _id));
  }

  async remove(range: { $gte: string; $lt: string }): Promise<void> {
    await this.sieves.deleteMany({ _id: range });
  }

  async removeOf(id: string): Promise<void> {
    await this.sieves.deleteOne({ _id: id });
  }
}
