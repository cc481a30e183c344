import { describe, expect, test } from '@jest/globals';
import { ACTOR_HEADER, REQUEST_ID_HEADER, natsActor, type Actor } from '@kintsugi/contracts';
import { headersOf } from './message-headers.js';
import { originHeaders, originOf } from './origin.js';

const actor: Actor = { key: 'reports', name: 'reports', role: 'viewer', tenant: null, door: 'http', address: '10.0.0.7' };
const read = (headers: Record<string, string>) => originOf({ headers: headersOf(headers) });

describe('the id of a request', () => {
  test('is the one that its asker gave', () => {
    expect(read({ [REQUEST_ID_HEADER]: 'req-1' }).requestId).toBe('req-1');
  });

  test.each(['a b', 'ä', 'x'.repeat(129), ''])('is one of ours where %j was given', (given) => {
    expect(read({ [REQUEST_ID_HEADER]: given }).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the actor of a request', () => {
  test('arrives as it was sent', () => {
    expect(read(originHeaders({ actor, requestId: 'r' }))).toEqual({ actor, requestId: 'r' });
  });

  test('arrives where its name is no ASCII, or has a line break', () => {
    const odd = { ...actor, name: 'Jörg 水\r\nKin-Actor: {}' };
    expect(read(originHeaders({ actor: odd, requestId: 'r' })).actor).toEqual(odd);
  });

  test.each([
    ['none', undefined],
    ['no JSON', '{'],
    ['something else', '{"name":"admin"}'],
    ['a door that there is not', JSON.stringify({ ...actor, door: 'window' })],
    ['more than an actor', JSON.stringify({ ...actor, root: true })],
  ])('is whoever comes in by NATS where it says %s', (_, text) => {
    expect(read(text === undefined ? {} : { [ACTOR_HEADER]: text }).actor).toBe(natsActor);
  });

  test('is that of NATS in a message without headers', () => {
    expect(originOf({ headers: undefined }).actor).toBe(natsActor);
  });
});
