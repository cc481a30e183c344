import { expect, test } from '@jest/globals';
import { deletedRow, emptyRow, joinRows, type JobRow } from './job-row.js';
import { batchJobOf } from './job-state.js';

const created: JobRow = {
  ...emptyRow('job_1'),
  head: { created_at: 0, labels: {}, priority: 5 } as unknown as NonNullable<JobRow['head']>,
};

function prioritised(at: number, priority: number): JobRow {
  return { ...emptyRow('job_1'), priority: { at, priority } };
}

test('a job has the priority that was set last, and without one that with which it was accepted', () => {
  const priorityAfter = (...rows: JobRow[]): number | undefined => batchJobOf(rows.reduce(joinRows, created))?.priority;
  expect(priorityAfter()).toBe(5);
  expect(priorityAfter(prioritised(20, 1), prioritised(10, 9))).toBe(1);
  expect(priorityAfter(prioritised(10, 9), prioritised(20, 1))).toBe(1);
  expect(joinRows(created, emptyRow('job_1'))).not.toHaveProperty('priority');
});

test('a deleted job stays deleted, whatever is told of it and in whatever order, and nothing else of it is known', () => {
  const deleted = deletedRow('job_1', 50);
  const orders = [
    [created, deleted, prioritised(60, 1)],
    [deleted, prioritised(60, 1), created],
    [prioritised(60, 1), created, deleted, deletedRow('job_1', 70)],
  ];
  for (const rows of orders) expect(rows.reduce(joinRows, emptyRow('job_1'))).toEqual(deleted);
  expect(joinRows(deleted, created)).toBe(deleted);
  expect(batchJobOf(deleted)).toBeNull();
});
