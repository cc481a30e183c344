import { Binary, type Collection } from 'mongodb';
import type { Store } from '@kintsugi/persistence';
import type { LogBlock } from '../domain/log-block.js';
import { passes, sieveOf } from '../domain/block-sieve.js';

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

  /** Gives the bytes that it has stored for each block. */
  async add(blocks: readonly { _id: string; block: LogBlock }[]): Promise<number[]> {
    const made = blocks.map(({ block }) => sieveOf(block.lines));
    const documents = made.flatMap((sieve, at) => (sieve ? [{ _id: blocks[at]?._id ?? '', sieve: new Binary(sieve) }] : []));
    if (documents.length > 0) await this.sieves.insertMany(documents, insertOptions);
    return made.map((sieve) => sieve?.length ?? 0);
  }

  /** Those of some blocks, given in the order of their ids or the other way round, that may hold a text. One without a sieve may. */
  async passing(ids: readonly string[], text: Uint8Array): Promise<string[]> {
    const ends = [ids[0] ?? '', ids.at(-1) ?? ''].sort();
    const found = await this.sieves.find({ _id: { $gte: ends[0] ?? '', $lte: ends[1] ?? '' } }).toArray();
    const holdsBack = new Set(found.filter(({ sieve }) => !passes(sieve.buffer, text)).map(({ _id }) => _id));
    return ids.filter((id) => !holdsBack.has(id));
  }

  async remove(range: { $gte: string; $lt: string }): Promise<void> {
    await this.sieves.deleteMany({ _id: range });
  }

  async removeOf(id: string): Promise<void> {
    await this.sieves.deleteOne({ _id: id });
  }
}
