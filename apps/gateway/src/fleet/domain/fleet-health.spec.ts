import { describe, expect, test } from '@jest/globals';
import { fleetHealth, isEnough, requiredServices, type ProcessHealth } from './fleet-health.js';

const healthOf = (service: string, ready: boolean, instance = '1'): ProcessHealth => ({
  ...{ service, instance, ready },
  checks: {},
  ops: null,
});
const everyService = requiredServices.map((service) => healthOf(service, true));

describe('the platform', () => {
  test('is ready when NATS and a process of each required service are', () => {
    expect(fleetHealth(true, everyService)).toEqual({
      ready: true,
      services: { nats: 'ready', 'job-service': 'ready', 'recovery-service': 'ready', 'metrics-service': 'ready' },
    });
    expect(isEnough(everyService)).toBe(true);
  });

  test('needs only one ready process of a service', () => {
    expect(
      fleetHealth(true, [healthOf('job-service', false, '2'), ...everyService, healthOf('job-service', false, '3')]).ready,
    ).toBe(true);
  });

  test.each(requiredServices)('is not ready without %s', (missing) => {
    const others = everyService.filter(({ service }) => service !== missing);
    expect(fleetHealth(true, others)).toMatchObject({ ready: false, services: { [missing]: 'no_answer' } });
    expect(fleetHealth(true, [...others, healthOf(missing, false)])).toMatchObject({
      ready: false,
      services: { [missing]: 'not_ready' },
    });
    expect(isEnough([...others, healthOf(missing, false)])).toBe(false);
  });

  test('is not ready without NATS, and does not depend on a worker', () => {
    expect(fleetHealth(false, everyService)).toMatchObject({ ready: false, services: { nats: 'no_answer' } });
    expect(fleetHealth(true, [...everyService, healthOf('worker', false)])).toMatchObject({
      ready: true,
      services: { worker: 'not_ready' },
    });
  });
});
