import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { readInventory } from './read-inventory.js';

const rest = { worker_id: 'w', host: 'h', pid: 1, slots: 10, draining: false, held: [], running: [] };

describe('an inventory', () => {
  test("is taken without the queues that could be no job's, which are told", () => {
    const queues = ['send', 'my job', 'plan:send', 'x'.repeat(200), 7, null, 'plan:'];
    const { inventory, refused } = readInventory({ ...rest, queues });
    expect(inventory).toEqual({ ...rest, queues: ['send', 'plan:send'] });
    expect(refused).toEqual(['"my job"', expect.stringContaining('xxx'), '7', 'null', '"plan:"']);
  });

  test('of more queues than a worker may have is taken with the first of them', () => {
    const queues = Array.from({ length: limits.handlersPerWorker + 2 }, (_, number) => `type-${number}`);
    const { inventory, refused } = readInventory({ ...rest, queues });
    expect(inventory.queues).toEqual(queues.slice(0, -2));
    expect(refused).toEqual(['"type-1000"', '"type-1001"']);
  });

  test.each([undefined, null, 'text', {}, { ...rest }, { ...rest, queues: 7 }, { ...rest, slots: -1, queues: [] }])(
    '%j is none',
    (given) => {
      expect(() => readInventory(given)).toThrow();
    },
  );
});
