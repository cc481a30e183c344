import { expect, test } from '@jest/globals';
import type { ProcessFigures } from './metric-family.js';
import { poolsIn } from './pool-slots.js';

const agent = (slots: Record<string, number>): ProcessFigures => ({
  ...{ service: 'pool-agent', instance: '1' },
  families: [
    {
      ...{ name: 'kintsugi_pool_slots', help: '', type: 'gauge' },
      values: Object.entries(slots).map(([state, value]) => ({ labels: { state }, value })),
    },
  ],
});

test('the slots of pools are summed by state over all hosts, and not known where no agent says', () => {
  expect(poolsIn([agent({ AVAILABLE: 3, ERROR: 1 }), agent({ AVAILABLE: 2, ERROR: 0 })])).toEqual({
    slots: { AVAILABLE: 5, ERROR: 1 },
  });
  expect(poolsIn([{ service: 'job-service', instance: '1', families: [] }])).toBeNull();
});
