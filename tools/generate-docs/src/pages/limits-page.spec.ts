import { expect, test } from '@jest/globals';
import { limitsPage, meaningsIn } from './limits-page.js';

test('the comment before a limit is its meaning', () => {
  const text =
    'export const limits = {\n  /** Tasks of one job. */\n  tasksPerJob: 9,\n  /** Two\n   * lines. */\n  labels: 3,\n};';
  expect([...meaningsIn(text)]).toEqual([
    ['tasksPerJob', 'Tasks of one job.'],
    ['labels', 'Two\nlines.'],
  ]);
});

test('every limit says of what it is', () => {
  expect(limitsPage().body.join('\n')).not.toMatch(/\| \|$/m);
  expect(limitsPage().body.join('\n')).toContain('| `tasksPerJob` | 1,000,000 | Tasks of one job. |');
});
