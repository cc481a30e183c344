import { expect, test } from '@jest/globals';
import type { Actor } from '@kintsugi/contracts';
import type { Logger } from '@kintsugi/observability';
import { Acts } from './acts.js';

const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };

test('the log tells who had what changed, and nothing else of what was asked for', () => {
  const lines: unknown[] = [];
  const acts = new Acts({ info: (line: unknown) => lines.push(line) } as unknown as Logger);
  const data = { job_id: 'job_1', recovery_options: { custom_params: { password: 'secret' } }, error_type: 'x'.repeat(300) };
  acts.note({ action: 'manualRecover', data, actor, requestId: 'r' });
  acts.note({ action: 'requeueTasks', data: { tasks: 7 }, actor, requestId: 'r' });
  expect(lines).toEqual([
    { action: 'manualRecover', job_id: 'job_1', error_type: 'x'.repeat(200), actor, requestId: 'r' },
    { action: 'requeueTasks', tasks: 7, actor, requestId: 'r' },
  ]);
});
