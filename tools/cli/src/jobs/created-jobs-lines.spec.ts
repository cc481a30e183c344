import { expect, test } from '@jest/globals';
import { createdJobsLines } from './created-jobs-lines.js';

test('what became of jobs submitted together is said of each, in their order', () => {
  const job_id = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
  const lines = createdJobsLines({
    accepted: 1,
    refused: 1,
    jobs: [
      { accepted: true, job: { job_id, status: 'pending', total_tasks: 1, replayed: true } },
      { accepted: false, problem: { code: 'VALIDATION_FAILED', detail: 'data.jobs[1].priority: RANGE\u001b[2J' } },
    ],
  });
  expect(lines[0]).toBe('1 job accepted, 1 refused');
  expect(lines[1]).toContain(`jobs[0]  ${job_id}, accepted before`);
  expect(lines[2]).toMatch(/^jobs\[1\] {2}VALIDATION_FAILED: data\.jobs\[1\]\.priority: RANGE/);
  expect(lines[2]).not.toContain('\u001b');
});
