import { expect, test } from '@jest/globals';
import { Metrics } from './metrics.js';

/** What one metric shows, by the values of its labels. */
async function shown(metrics: Metrics, name: string): Promise<Map<string, number>> {
  const families = await metrics.registry.getMetricsAsJSON();
  const values = families.find((family) => family.name === name)?.values ?? [];
  return new Map(values.map(({ labels, value }) => [Object.values(labels).join(), value]));
}

test('the values of a label beyond the hundredth are counted together, and that this happened is counted too', async () => {
  const metrics = new Metrics('job-service');
  for (let type = 0; type < 103; type += 1) metrics.count('kintsugi_jobs_accepted_total', { type: `type-${type}` });
  metrics.count('kintsugi_jobs_accepted_total', { type: 'type-7' });
  const accepted = await shown(metrics, 'kintsugi_jobs_accepted_total');
  expect([accepted.size, accepted.get('type-7'), accepted.get('_other')]).toEqual([101, 2, 3]);
  expect(await shown(metrics, 'kintsugi_label_overflow_total')).toEqual(new Map([['', 3]]));
});

test('a process keeps no metric that the catalogue gives to another', () => {
  expect(() => new Metrics('gateway').count('kintsugi_jobs_accepted_total', { type: 'send' })).toThrow('does not let');
});
