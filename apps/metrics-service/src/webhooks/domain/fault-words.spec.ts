import { expect, test } from '@jest/globals';
import { faultWords } from './fault-words.js';

const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);

test.each([
  [new Error('getaddrinfo ENOTFOUND example.com'), 'getaddrinfo ENOTFOUND example.com'],
  [
    new AggregateError([refused('::1:80'), refused('127.0.0.1:80')]),
    'connect ECONNREFUSED ::1:80; connect ECONNREFUSED 127.0.0.1:80',
  ],
  [new AggregateError([new AggregateError([refused('::1:80')]), refused('::1:80')]), 'connect ECONNREFUSED ::1:80'],
  [Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
  [new AggregateError([]), 'AggregateError'],
  ['thrown', 'thrown'],
  [new Error('x'.repeat(1_000)), 'x'.repeat(300)],
])('the reason of %s is told', (error, words) => expect(faultWords(error)).toBe(words));
