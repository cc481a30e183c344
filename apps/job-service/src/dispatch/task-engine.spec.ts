import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LeaseOutcome } from '@kintsugi/contracts';
import type { JobLedger } from '../jobs/job-ledger.js';
import { ChunkRecordInMemory, type StoredChunks } from '../tasks/chunk-record-in-memory.js';
import { bundleOf, reportOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
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

test('tasks of a queue on which all fail so far travel in slices once some have, and those that were stopped say nothing', () => {
  const { engine, queues } = parts;
  const chunk = bundleAt(ids[0] ?? '');
  engine.enter(chunk);
  const { pace } = queues.queue(chunk.identity.queue);
  const failing = (given: { cancelled?: true }): LeaseOutcome => {
    const { lease } = leaseTasks(chunk, chunk.readyIndexes(1, Infinity), 'w', 1);
    const report = reportOf(lease, { failed: lease.indexes });
    return { ...report, failed: report.failed.map((failure) => ({ ...failure, took_us: 100, ...given })) };
  };
  engine.record(chunk, failing({ cancelled: true }), () => undefined);
  expect(pace.sliceSize('idempotent')).toBe(1);
  engine.record(chunk, failing({}), () => undefined);
  expect(pace.sliceSize('idempotent')).toBe(100);
});
