import { expect, test } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import { ChunkChanges } from './chunk-changes.js';
import { chunkOf } from './domain/chunk-sample.js';

test('all who observe are told in the order in which they began to, also when one of them fails', () => {
  const faults: unknown[] = [];
  const told: string[] = [];
  const changes = new ChunkChanges(new Faults((error) => faults.push(error), 'test'));
  changes.observe({ entered: () => told.push('first'), conflicted: () => told.push('first of a conflict') });
  changes.observe({
    entered: () => {
      throw new Error('fails');
    },
  });
  changes.observe({ entered: ({ id }) => told.push(id) });
  changes.tellEntered(chunkOf(1));
  changes.tellConflicted(chunkOf(1));
  expect(told).toEqual(['first', chunkOf(1).id, 'first of a conflict']);
  expect(faults).toMatchObject([{ message: 'fails' }]);
});
