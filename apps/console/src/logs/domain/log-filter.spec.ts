import { expect, test } from '@jest/globals';
import { readJobLogSchema } from '@kintsugi/contracts';
import { commandOf, queryOf, type LogFilter } from './log-filter.js';

const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const task = 'task_01890a5d-ac96-774b-bcce-b302099a8057.0.3';

test.each<[LogFilter, object]>([
  [{}, { last: 1_000 }],
  [
    { text: 'time out', level: 'warn' },
    { text: 'time out', level: 'warn', last: 1_000 },
  ],
  [{ level: 'loud' }, { last: 1_000 }],
  [
    { task, attempt: 2, line: 60 },
    { task_id: task, attempt: 2, from_line: 10 },
  ],
  [
    { task, attempt: 1, line: 3 },
    { task_id: task, attempt: 1, from_line: 1 },
  ],
  [{ attempt: 2, line: 60 }, { last: 1_000 }],
  [{ from: 'start', level: 'error' }, { level: 'error' }],
])('%j asks for %j, which the platform takes', (filter, query) => {
  expect(queryOf(filter)).toEqual(query);
  expect(readJobLogSchema.safeParse({ job_id: jobId, ...queryOf(filter) }).success).toBe(true);
});

test('the same from a terminal, with what a shell would take apart in quotes', () => {
  expect(commandOf(jobId, {})).toBe(`./kintsugi logs ${jobId}`);
  expect(commandOf(jobId, { text: "it's $HOME", level: 'error', task, attempt: 2 })).toBe(
    `./kintsugi logs ${jobId} --grep 'it'\\''s $HOME' --level error --task ${task} --attempt 2`,
  );
});
