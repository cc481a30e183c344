import { expect, it } from '@jest/globals';
import { jobAt } from '../hour-columns-conformance.js';
import { countJobs } from './count-jobs.js';

const pagesThere = 12;
const rows = JSON.stringify([{ ...jobAt(1_000, 0), padding: 'x'.repeat(40_000) }]);

it('lets others have a turn while it reads pages, of which the database is asked for some at a time', async () => {
  const asked: object[] = [];
  let read = 0;
  let readBefore = -1;
  async function* some() {
    for (; read < pagesThere; read += 1) yield { rows };
  }
  const pages = {
    aggregate: () => ({ next: async () => ({ all: pagesThere, own: 0 }) }),
    find: (_query: object, options: object) => {
      asked.push(options);
      setImmediate(() => (readBefore = read));
      return { project: some };
    },
  };
  const listing = { filter: {}, order: 'desc', after: null, expected: 1_000 } as const;
  expect(await countJobs(pages as never, [], listing, 3)).toEqual({ jobs: pagesThere, isCapped: false });
  expect(readBefore).toBeGreaterThan(0);
  expect(readBefore).toBeLessThan(pagesThere);
  expect(asked).toEqual([expect.objectContaining({ batchSize: 100, maxTimeMS: expect.any(Number) })]);
});
