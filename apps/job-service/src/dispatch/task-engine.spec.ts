import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobLedger } from '../jobs/job-ledger.js';
import { ChunkRecordInMemory, type StoredChunks } from '../tasks/chunk-record-in-memory.js';
import { bundleOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { cancelTasks } from '../tasks/domain/recovery-moves.js';
import { chunkDocument } from '../tasks/mongo/chunk-document.js';
import { dispatchParts, type DispatchParts } from './simulation/dispatch-parts.js';

const ids = [0, 1, 2].map((sequence) => bundleOf(1).id.replace('.0', `.${sequence}`));

let stored: StoredChunks;
let parts: DispatchParts;

beforeEach(() => {
  stored = new Map(ids.map((id) => [id, chunkDocument(bundleAt(id).takeChange(), 0)]));
  const ledger: Pick<JobLedger, 'hold'> = { hold: (_jobs, work) => work() };
  parts = dispatchParts({ record: new ChunkRecordInMemory({ stored, epoch: () => 1 }), ledger });
});

function bundleAt(id: string): Chunk {
  const { identity, state, lines } = bundleOf(2);
  return new Chunk({ ...identity, id }, state, lines);
}

const cancelFirst = (chunk: Chunk): number[] => cancelTasks(chunk, [0], 1);

describe('a change of many chunks', () => {
  test('is over when all of it is in the record, and what follows for each from its own write has happened', async () => {
    const followed: string[] = [];
    const note = ({ id }: Chunk): void => void followed.push(`${id} ${stored.get(id)?.states}`);
    await parts.engine.changeAll([...ids, 'nowhere'], cancelFirst, note);
    expect(followed.sort()).toEqual(ids.map((id) => `${id} cr`));
    expect([...stored.values()].map(({ states }) => states)).toEqual(['cr', 'cr', 'cr']);
  });

  test('fails where somebody else has changed a chunk, and of the others all follows', async () => {
    const [first, other, last] = ids as [string, string, string];
    const followed: string[] = [];
    const elsewhere = stored.get(other);
    const changing = parts.engine.changeAll(
      ids,
      (chunk) => {
        if (elsewhere) stored.set(other, { ...elsewhere, version: 9 });
        return cancelFirst(chunk);
      },
      ({ id }) => followed.push(id),
    );
    await expect(changing).rejects.toThrow(`The chunk ${other} was changed by somebody else.`);
    expect(followed).toEqual([first, last]);
    expect(stored.get(other)?.states).toBe('rr');
  });

  test('that changes nothing is not written, and waits for what is being written', async () => {
    const before = [...stored.values()];
    await parts.engine.changeAll(ids, () => false);
    expect([...stored.values()]).toEqual(before);
    const order: string[] = [];
    const first = parts.engine.changeAll(ids.slice(0, 1), cancelFirst, () => order.push('changed'));
    const second = parts.engine.changeAll(
      ids.slice(0, 1),
      () => false,
      () => order.push('nothing to change'),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['changed', 'nothing to change']);
  });
});
