// Under ten sequences of kills, pauses and lost files of the broker, no accepted job is lost and no promise is broken.
import { expect, test } from '@jest/globals';
import { ChaosRun } from '@kintsugi/chaos';

const kinds = ['kill', 'term', 'kill_all', 'pause', 'pause_all', 'broker_files_lost', 'broker_rolled_back'] as const;
const first = Number(process.env['TEST_SEED'] ?? 1);
const seeds = Array.from({ length: 10 }, (_, index) => first + index);

test.each(seeds)('seed %i', async (seed) => {
  const plan = { seed, faults: 4, kinds, pauseMsMax: 4_000 };
  const said: string[] = [];
  const { violations, accepted } = await new ChaosRun(plan, new AbortController().signal, (line) => said.push(line)).measure();
  expect({ violations, said: violations.length > 0 ? said : [] }).toEqual({ violations: [], said: [] });
  expect(accepted).toBeGreaterThan(0);
});
