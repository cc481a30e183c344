import type { Model } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.js';

const roundsMax = 20;
/** What mongoose says where a document has another version by now, or is gone. */
const overtaken = ['VersionError', 'DocumentNotFoundError'];

/** Creates a document by its model. False where there is one under its id. */
export async function createByModel<T>(model: Model<T>, document: T): Promise<boolean> {
  try {
    await model.create(document);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Edits a document by its model, as it is then, through edits of others at the same time; null where there is none. */
export async function editByModel<T>(model: Model<T>, id: string, changesOf: (before: T) => Partial<T>): Promise<T | null> {
  for (let round = 1; ; round += 1) {
    const before = await model.findById(id);
    if (!before) return null;
    before.set(changesOf(before.toObject()));
    try {
      return (await before.save()).toObject();
    } catch (error) {
      const isOvertaken = error instanceof Error && overtaken.includes(error.name);
      if (!isOvertaken || round === roundsMax) throw error;
    }
  }
}
