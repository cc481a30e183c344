import { describe, expect, test } from '@jest/globals';
import { expectedDeliveries } from './expected-deliveries.js';
import { isDeliverable, temperament, type Temperament } from './temperament.js';

const addresses = Array.from({ length: 20_000 }, (_, number) => `person${number}@example.org`);

const drawn = addresses.map((address) => temperament('seed', address));

function shareOf(kind: Temperament['kind']): number {
  return drawn.filter((of) => of.kind === kind).length / drawn.length;
}

describe('the temperament of an address', () => {
  test('is always the same for a seed, whatever the case of the address, and another for another seed', () => {
    for (const address of addresses.slice(0, 500)) {
      expect(temperament('seed', address.toUpperCase())).toEqual(temperament('seed', address));
    }
    const kinds = (seed: string) => addresses.slice(0, 500).map((address) => temperament(seed, address).kind);
    expect(kinds('seed')).not.toEqual(kinds('other seed'));
  });

  test.each([
    ['prompt', 0.725],
    ['slow', 0.12],
    ['greylisting', 0.08],
    ['busy', 0.02],
    ['resetting', 0.015],
    ['silent', 0.005],
    ['unknown user', 0.02],
    ['mailbox full', 0.015],
  ] as const)('%s is a share of %d', (kind, share) => {
    expect(Math.abs(shareOf(kind) - share)).toBeLessThan(0.005);
  });

  test('is bounded: replies come within 300 ms, greylisting ends after two tries, pauses after three seconds', () => {
    const delays = drawn.flatMap((of) => (of.kind === 'slow' ? [of.delayMs] : []));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...delays)).toBeLessThanOrEqual(300);
    expect(new Set(drawn.flatMap((of) => (of.kind === 'greylisting' ? [of.tries] : [])))).toEqual(new Set([1, 2]));
    expect(new Set(drawn.flatMap((of) => (of.kind === 'busy' ? [of.pauseSeconds] : [])))).toEqual(new Set([1, 2, 3]));
  });

  test('a domain that cannot exist is not found; the one that was meant takes everything', () => {
    for (const address of addresses.slice(0, 100)) {
      const name = address.split('@')[0];
      expect(temperament('seed', `${name}@mail.example.con`)).toEqual({ kind: 'no such domain' });
      expect(temperament('seed', `${name}@mail.example.com`)).toEqual({ kind: 'prompt' });
    }
  });

  test('another domain that cannot exist has no mail server, and no repair', () => {
    for (const email of ['bob@gmail.con', 'bob@example.con', 'bob@eu.mail.example.con', 'BOB@GMAIL.CON']) {
      expect(temperament('seed', email)).toEqual({ kind: 'no mail server' });
    }
  });
});

describe('the expected deliveries', () => {
  const mistyped = Array.from({ length: 10 }, (_, number) => ({ email: `person${number}@mail.example.con` }));
  const recipients = [...addresses.map((email) => ({ email })), ...mistyped];

  test('are those at addresses that take mail in the end', () => {
    const deliverable = drawn.filter(isDeliverable).length;
    expect(expectedDeliveries(recipients, 'seed')).toBe(deliverable);
    expect(deliverable / addresses.length).toBeCloseTo(0.965, 2);
  });

  test('grow by the mistyped ones once they are repaired', () => {
    const repair = { typed: 'mail.example.con', meant: 'mail.example.com' };
    const all = [...recipients, { email: 'bob@gmail.con' }];
    expect(expectedDeliveries(all, 'seed', repair)).toBe(expectedDeliveries(recipients, 'seed') + mistyped.length);
  });
});
