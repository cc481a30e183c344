import { expect, test } from '@jest/globals';
import { createLogger } from '@kintsugi/observability';
import { faultLog } from './fault-log.js';

test('a flood of faults of one kind is so many lines and a count, and hides no fault of another kind', () => {
  let now = 0;
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('test', 'silent');
  logger.error = (line: Record<string, unknown>) => lines.push(line);
  const tell = faultLog(logger, () => now);
  for (let fault = 0; fault < 1_000; fault += 1) tell(fault, { subject: `one.kind.${fault}` });
  tell('other', { subject: 'another.kind' });
  expect(lines).toHaveLength(21);
  now = 10_001;
  tell('again', { subject: 'one.kind.1' });
  expect(lines.at(-1)).toMatchObject({ error: 'again', untold: 980 });
});
