// Whoever comes in by HTTP is named to every service that is asked for him, as his key says and never as he says.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ACTOR_HEADER, ProblemError, operations, type ActionName } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { documentedRoutes } from '../../../apps/gateway/src/openapi/documented-routes.js';
import type { EndpointAction } from '../../../apps/gateway/src/operations/domain/operation-request.js';
import { exampleData } from '../../../apps/gateway/src/openapi/examples.js';
import { GatewayUnderTest, minimalJob } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

interface Call {
  name: string;
  method: string;
  path: string;
  body?: unknown;
}

/** Every route, and every action of those that take actions, that asks a service. */
const calls = documentedRoutes.flatMap((route): Call[] => {
  if (route.tag === 'platform') return [];
  const wanted = route.operationId === 'listSteps' ? '?task_id=task_01890a5d-ac96-774b-bcce-b302099a8057.0.0' : '';
  const path = route.path.replace('{id}', route.id?.example ?? '') + wanted;
  const method = route.method.toUpperCase();
  if (!route.actions) {
    return [{ name: `${method} ${route.path}`, method, path, ...(route.takes ? { body: exampleData[route.takes] } : {}) }];
  }
  return route.actions.map((action) => {
    return { name: `${route.path} ${action}`, method, path, body: { action, data: exampleData[action as EndpointAction] } };
  });
});

/** Services ask the others of each other. */
const questions = (Object.keys(operations) as ActionName[]).filter((action) => operations[action].tenancy !== 'services');

beforeEach(() => {
  under.asked.length = 0;
  // What is answered is of no matter here.
  const refuse = (): never => {
    throw new ProblemError('INTERNAL', 'Not now.');
  };
  for (const action of questions) under.answer(action, refuse);
});

it.each(calls)('$name names who asks, whatever he says himself', async ({ method, path, body }) => {
  const forged = JSON.stringify({ key: 'root', name: 'root', role: 'admin', tenant: null, door: 'service', address: null });
  await under.fetch(path, {
    method,
    headers: { 'content-type': 'application/json', [ACTOR_HEADER]: forged, 'x-request-id': 'asked-1' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const actor = { key: 'test-admin', name: 'test-admin', role: 'admin', tenant: null, door: 'http', address: '127.0.0.1' };
  expect(under.asked.map((asked) => ({ requestId: asked.requestId, actor: asked.actor }))).toEqual([
    { requestId: 'asked-1', actor },
  ]);
});

it('an upload names who sends it with each of its chunks', async () => {
  for (const action of ['stageTasks', 'abandonUpload'] as const) under.answer(action, () => ({ staged: 1 }));
  under.answer('commitUpload', () => {
    throw new ProblemError('STATE_CONFLICT', 'Not now.');
  });
  const lines = [{ action: 'createJob', data: minimalJob }, { payload: 1 }].map((line) => JSON.stringify(line));
  await under.upload(lines.join('\n'));
  await eventually(() => expect(under.asked.map(({ action }) => action)).toContain('commitUpload'));
  expect(new Set(under.asked.map(({ actor }) => actor.name))).toEqual(new Set(['test-admin']));
});

it('who comes in while AUTH is off is named as well', async () => {
  await under.close();
  await under.open({ AUTH: 'off' });
  await under.fetch('/v1/jobs', { key: null });
  expect(under.asked.map(({ actor }) => actor)).toEqual([
    { key: null, name: 'local', role: 'admin', tenant: null, door: 'http', address: '127.0.0.1' },
  ]);
});
