import { expect, test } from '@jest/globals';
import { jsonBytes, limits, natsActor, type Actor } from '@kintsugi/contracts';
import { Bundle } from './bundle.js';

const plain = { product_id: 'p', sending_group_id: 'g', user_id: 'u', labels: {} };

function filled(place: { job: typeof plain; line: string }): Bundle<null> {
  const bundle = new Bundle<null>('send', 5, 'idempotent');
  while (!bundle.isFull) bundle.add({ ...place, by: natsActor, ticket: null });
  return bundle;
}

test('a bundle of small jobs has a place for each task that a chunk can hold', () => {
  expect(filled({ job: plain, line: '{"payload":1}' }).places).toHaveLength(limits.tasksPerChunk);
});

test.each([
  ['tasks of many bytes and few characters', { job: plain, line: '漢'.repeat(20_000) }],
  ['the largest tasks', { job: plain, line: 'x'.repeat(limits.taskBytes) }],
  ['jobs with many labels', { job: { ...plain, labels: { long: '漢'.repeat(1_400) } }, line: '{}' }],
])('a bundle of %s is full before its jobs are more than a chunk may hold', (_, place) => {
  const { places } = filled(place);
  const bytes = places.reduce((sum, { job, line }) => sum + Buffer.byteLength(line) + jsonBytes(job.labels), 0);
  expect(bytes).toBeLessThanOrEqual(limits.chunkBytes);
});

test('a bundle says who has made the jobs of which places', () => {
  const bundle = new Bundle<null>('send', 5, 'idempotent');
  const ada: Actor = { ...natsActor, name: 'ada' };
  for (const by of [ada, ada, natsActor, ada, ada, ada]) bundle.add({ job: plain, line: '{}', by, ticket: null });
  const { identity } = bundle.toChunk('01890a5d-ac96-774b-bcce-b302099a8057', new Set([4]), 0);
  expect(identity.madeBy).toEqual([
    { actor: ada, places: ['0-1', '3', '5'] },
    { actor: natsActor, places: ['2'] },
  ]);
});
