import { describe, expect, test } from '@jest/globals';
import { fleetHealth, requiredServices, type ProcessHealth } from './fleet-health.js';
import { overallHealth, type HealthFacts } from './overall-health.js';

const processOf = (service: string, checks: Record<string, string> = {}, instance = '1'): ProcessHealth => ({
  ...{ service, instance, checks, ops: null },
  ready: Object.values(checks).every((state) => state === 'ok'),
});
const jobs = { by_status: {}, failed_last_hour: 0, completed_last_hour: 100, counted_to: 1_000 };

function overall(given: Partial<HealthFacts> & { natsUp?: boolean } = {}) {
  const processes = given.processes ?? requiredServices.map((service) => processOf(service, { mongo: 'ok' }));
  const facts = { jobs, workers: 2, pools: null, freeMemoryShare: 0.5, ...given, processes };
  return overallHealth({ ...fleetHealth(given.natsUp ?? true, processes), ...facts });
}

test('all is well', () => {
  expect(overall()).toEqual({ overall: 'ok', reasons: [] });
  expect(overall({ jobs: null, workers: null, pools: { slots: { ALLOCATED: 3, ERROR: 0 } } })).toMatchObject({ overall: 'ok' });
});

describe('the platform is failing', () => {
  test('without NATS, and nothing else is said then', () => {
    expect(overall({ natsUp: false, processes: [] })).toMatchObject({
      overall: 'failing',
      reasons: [{ reason: 'NATS does not answer.' }],
    });
  });

  test.each(requiredServices)('without %s', (absent) => {
    const others = requiredServices.filter((service) => service !== absent).map((service) => processOf(service));
    expect(overall({ processes: others })).toMatchObject({
      overall: 'failing',
      reasons: [{ reason: `${absent} does not answer.` }],
    });
    const broken = [...others, processOf(absent, { mongo: 'no primary', service: 'ok' })];
    expect(overall({ processes: broken })).toMatchObject({
      overall: 'failing',
      reasons: [{ reason: `${absent} is not ready: mongo: no primary.` }],
    });
  });
});

describe('it is degraded', () => {
  test.each<[string, Partial<HealthFacts>, string]>([
    ['without a worker', { workers: 0 }, 'No worker'],
    ['where more jobs fail than complete', { jobs: { ...jobs, failed_last_hour: 101 } }, '101 failed'],
    ['where slots are isolated', { pools: { slots: { AVAILABLE: 3, ERROR: 2 } } }, '2 are isolated and 0 on hold'],
    ['where memory is short', { freeMemoryShare: 0.01 }, 'memory'],
    [
      'where one of several processes is not ready',
      { processes: [...requiredServices.map((service) => processOf(service)), processOf('job-service', { nats: 'down' }, '2')] },
      'job-service 2 is not ready: nats: down',
    ],
  ])('%s', (_, facts, words) => {
    const { overall: word, reasons } = overall(facts);
    expect(word).toBe('degraded');
    expect(reasons.map(({ reason }) => reason).join()).toContain(words);
    expect(reasons.every(({ advice }) => advice !== '')).toBe(true);
  });

  test('and not by a few failures', () => {
    expect(overall({ jobs: { ...jobs, failed_last_hour: 9, completed_last_hour: 0 } })).toMatchObject({ overall: 'ok' });
  });
});
