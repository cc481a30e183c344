import { describe, expect, test } from '@jest/globals';
import { readOrder } from './read-order.js';

describe('the order in a payload', () => {
  test('needs an address only', () => {
    expect(readOrder({ to: 'anna@example.org' })).toEqual({ to: 'anna@example.org', name: '', language: 'en' });
  });

  test('goes to another domain when the payload has one laid over it', () => {
    expect(readOrder({ to: 'anna@mail.example.con', name: 'Anna', language: 'de', domain: 'mail.example.com' })).toEqual({
      to: 'anna@mail.example.com',
      name: 'Anna',
      language: 'de',
    });
  });

  test.each([
    [undefined, 'The payload must be an object with the recipient in "to".'],
    [{}, 'payload.to must be an email address, but is not there.'],
    [{ to: 'anna' }, 'payload.to must be an email address, but is "anna".'],
    [
      { to: ['anna@example.org', 'ben@example.org'] },
      'payload.to must be an email address, but is ["anna@example.org","ben@example.org"].',
    ],
    [{ to: 'anna@example.org', name: 7 }, 'payload.name must be text, but is 7.'],
    [
      { to: 'anna@example.org', domain: 'example.com>\r\nRCPT' },
      'payload.domain must be a domain such as "example.com", but is "example.com>\\r\\nRCPT".',
    ],
  ])('is refused in %j', (payload, fault) => expect(readOrder(payload)).toBe(fault));
});
