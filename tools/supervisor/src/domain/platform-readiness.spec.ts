import { expect, it } from '@jest/globals';
import { platformReadiness } from './platform-readiness.js';

const up = { ready: true };
const waiting = { ready: false };

it('is as the gateway says, which hears every process', () => {
  const said = { ready: true, services: { nats: 'ready', 'job-service': 'ready', gateway: 'ready' } };
  expect(platformReadiness(said, { 'job-service': waiting, gateway: null })).toEqual(said);
});

it('tells a service that is down from one that is not heard, when the gateway hears nobody', () => {
  const services = { nats: 'no_answer', 'job-service': 'no_answer', 'recovery-service': 'no_answer', gateway: 'not_ready' };
  const own = { 'job-service': waiting, 'recovery-service': null, gateway: waiting };
  expect(platformReadiness({ ready: false, services }, own)).toEqual({
    ready: false,
    services: { nats: 'no_answer', 'job-service': 'not_ready', 'recovery-service': 'no_answer', gateway: 'not_ready' },
  });
});

it('is told by the services themselves when the gateway is down', () => {
  expect(platformReadiness({ ready: false, services: { gateway: 'no_answer' } }, { 'job-service': up, gateway: null })).toEqual({
    ready: false,
    services: { gateway: 'no_answer', 'job-service': 'ready' },
  });
});
