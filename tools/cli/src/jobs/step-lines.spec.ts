import { expect, test } from '@jest/globals';
import type { Step } from '@kintsugi/contracts';
import { stepLines } from './step-lines.js';

const step: Step = {
  ...{ name: 'charge', sequence: 0, attempt: 2, duration_ms: 12.3 },
  ...{ started_at: '2026-11-27T15:00:00.000Z', finished_at: '2026-11-27T15:00:00.012Z', result: { paid: 'x'.repeat(200) } },
};

test('steps of a task are shown with their runs and times, within the screen', () => {
  const lines = stepLines('task_1', [step, { ...step, name: 'ship\u001b[2J', result: undefined }], { columns: 80 });
  expect(lines[0]).toMatch(/^STEP +ATTEMPT +DONE +TOOK +RETURNED$/);
  expect(lines[1]).toMatch(/^charge +2 +2026-11-27 15:00:00 +12 ms +\{"paid":"xxx/);
  expect(lines[2]).not.toContain('\u001b');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('a task without steps says so', () => {
  expect(stepLines('task_1', [], { columns: 80 })).toEqual(['task_1 has kept no steps.']);
});
