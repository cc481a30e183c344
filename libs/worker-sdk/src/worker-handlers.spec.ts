import { expect, test } from '@jest/globals';
import { WorkerHandlers } from './worker-handlers.js';

const module = new URL('./index.ts', import.meta.url);

test.each([
  ['nothing was said, no handler is isolated', null, false, 100],
  ['nothing was said, a handler is isolated', null, true, 3],
  ['slots were chosen, a handler is isolated', 7, true, 7],
] as const)('%s', (_, chosen, isolated, slots) => {
  const handlers = new WorkerHandlers(chosen, 2.5);
  if (isolated) handlers.made('render', module, { isolate: true });
  expect(handlers.slots).toBe(slots);
});
