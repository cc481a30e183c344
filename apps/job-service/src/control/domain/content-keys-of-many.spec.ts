import { expect, test } from '@jest/globals';
import { ContentKeys } from './content-keys.js';
import { planRerun } from './plan-rerun.js';
import { RerunTable } from './rerun-table.js';
import type { RerunTask } from './rerun-task.js';
import { RunColumns } from './run-columns.js';

const plainTask: RerunTask = {
  ...{ id: '', key: null, state: 'succeeded', isHeld: false, error: null },
  ...{ payload: null, attempts: 1, tookMs: 1, parentKeys: [] },
};
const digest = (text: string): string => Buffer.from(text.padStart(16, '0').slice(-16)).toString('hex');

test('10,000 tasks in a row are looked for once in each run, and few of them without a rest', () => {
  const table = new RerunTable(10_000);
  const columns = new RunColumns('run', 10_000);
  let [digests, rested, most] = [0, 0, 0];
  const counted = (text: string): string => ((digests += 1), digest(text));
  const inSlices = <Result>(work: Generator<undefined, Result>): Result => {
    for (;;) {
      const { done, value } = work.next();
      [most, rested] = [Math.max(most, digests - rested), digests];
      if (done) return value;
    }
  };
  for (let at = 0; at < 10_000; at += 1) {
    if (at > 0) table.waitsFor(at, [at - 1]);
    table.add(plainTask, true);
    columns.set(at, { given: digest(`${at}`), output: digest(`o${at}`), startedAt: 1, tookUs: 1, isOld: false });
  }
  const same = (at: number): string => columns.givenAt(at);
  const keys = inSlices(ContentKeys.of('type', table, { runs: [columns], own: columns, kept: same, toRun: same }, counted));
  const planned = planRerun(table, { include_downstream: true, include_upstream: false }, false, keys);
  inSlices(keys.reused(planned));
  expect(planned.roles.every((role) => role === 'reuse')).toBe(true);
  expect(digests).toBeLessThanOrEqual(50_000);
  expect(most).toBeLessThanOrEqual(2_500);
});
