import { afterEach, expect, jest, test } from '@jest/globals';
import { serviceActor, type Actor } from '@kintsugi/contracts';
import { GetFleet, type FleetSource } from './get-fleet.js';

function sourceOf(): FleetSource & { reads: number } {
  return {
    reads: 0,
    async read() {
      this.reads += 1;
      const values = [{ labels: { type: 'mail', state: 'succeeded' }, value: this.reads * 10 }];
      const families = [{ name: 'kintsugi_tasks_finished_total', values }];
      return { at: Date.now(), processes: [{ service: 'job-service', instance: '1', families }] };
    },
    groups: async () => null,
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

const originOf = (actor: Actor) => ({ actor, requestId: 'r' });

test('the first answer has rates already, and asks the processes twice for all who ask at once', async () => {
  const source = sourceOf();
  const getFleet = new GetFleet(source);
  const asked = [1, 2, 3].map(() => getFleet.execute(originOf(serviceActor('test'))));
  const [first] = await Promise.all(asked);
  expect(source.reads).toBe(2);
  expect(first).toMatchObject({ groups_rising: null, queues: [{ type: 'mail' }] });
  expect(first?.rates.tasks_ended_per_s).toBeGreaterThan(0);
  await getFleet.execute(originOf(serviceActor('test')));
  expect(source.reads).toBeLessThanOrEqual(3);
});

test('a key that is bound to a tenant is not told of all', async () => {
  const bound = { ...serviceActor('test'), tenant: 'shop' };
  await expect(new GetFleet(sourceOf()).execute(originOf(bound))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('goes on being read where the time of day is set back', async () => {
  const source = sourceOf();
  const getFleet = new GetFleet(source);
  await getFleet.execute(originOf(serviceActor('test')));
  const { reads } = source;
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
  const { as_of: asOf, span_s: spanS } = await getFleet.execute(originOf(serviceActor('test')));
  expect(source.reads).toBe(reads + 2);
  expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now());
  expect(spanS).toBeGreaterThan(0);
});
