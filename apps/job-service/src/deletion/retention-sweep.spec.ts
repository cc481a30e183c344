import { expect, test } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import type { Metrics } from '@kintsugi/observability';
import type { Deletion } from '../jobs/deletions.js';
import type { AgedJob, AgedJobs } from './aged-jobs.js';
import type { DeletionRounds } from './deletion-rounds.js';
import { RetentionSweep } from './retention-sweep.js';

const dayMs = 86_400_000;
const now = 1_700_000_000_000;

function jobOf(at: number, status: 'completed' | 'failed', daysAgo: number): AgedJob {
  return { jobId: `job_${at}`, type: 'send', status, endedAt: now - daysAgo * dayMs };
}

/** A record of pages, each job of which takes a gigabyte. */
function sweepOver(days: string, pages: AgedJob[][], gigabytes = 0) {
  const asked: string[] = [];
  const deleted: string[][] = [];
  let left = pages.flat().length;
  const aged: AgedJobs = {
    page: async (after) => {
      asked.push(after);
      const at = after.startsWith('page') ? Number(after.slice(4)) : 0;
      return { jobs: pages[at] ?? [], last: at + 1 < pages.length ? `page${at + 1}` : null };
    },
    bytes: () => Promise.resolve(left * 1e9),
  };
  const rounds = {
    add: () => Promise.resolve(),
    begin: ({ jobIds, onlyEnded }: Deletion) => {
      // Whatever runs again by then is not stopped.
      expect(onlyEnded).toBe(true);
      left -= jobIds.length;
      return Promise.resolve(deleted.push([...jobIds]) > 0);
    },
  } as unknown as DeletionRounds;
  const faults = new Faults((error) => {
    throw error;
  }, 'test');
  const metrics = { count: () => undefined } as unknown as Metrics;
  const settings = { JOB_RETENTION_DAYS: days, JOB_RETENTION_GB: gigabytes };
  const sweep = new RetentionSweep(aged, rounds, { uuid: () => 'u' }, { now: () => now }, metrics, faults, settings);
  return { sweep, asked, deleted };
}

async function steps(sweep: RetentionSweep, count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await sweep.step();
}

test('jobs whose time is up are deleted, by what they are, and the others stay', async () => {
  const { sweep, deleted } = sweepOver('30,failed=90', [
    [jobOf(1, 'completed', 31), jobOf(2, 'completed', 29), jobOf(3, 'failed', 31), jobOf(4, 'failed', 91)],
  ]);
  await steps(sweep, 2);
  expect(deleted).toEqual([['job_1', 'job_4']]);
});

test('pages are gone through one after the other, a batch at a step, and then from the first again', async () => {
  const many = Array.from({ length: 600 }, (_, at) => jobOf(at, 'completed', 40));
  const { sweep, asked, deleted } = sweepOver('30', [many, [jobOf(601, 'completed', 40)]]);
  await steps(sweep, 7);
  expect(deleted.map(({ length }) => length)).toEqual([256, 256, 88, 1]);
  expect(asked.map((after) => after.slice(0, 5))).toEqual(['00000', 'page1', '00000']);
});

test('while all take too much the oldest go, whatever their age, and no more than that takes', async () => {
  const pages = [0, 1].map((page) => Array.from({ length: 300 }, (_, at) => jobOf(page * 300 + at, 'completed', 1)));
  const { sweep, deleted } = sweepOver('off', pages, 200);
  await steps(sweep, 20);
  expect(deleted.map(({ length }) => length)).toEqual([256, 44, 256]);
  expect(deleted.flat()[0]).toBe('job_0');
});

test('without rules nothing is looked at', async () => {
  const { sweep, asked } = sweepOver('off', [[jobOf(1, 'completed', 9_999)]]);
  sweep.start();
  await sweep.step();
  expect(asked).toEqual([]);
});
