import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactly } from './inexact-number.js';
import { jsonHash } from './json-hash.js';

test('the order of keys, white space and the spelling of numbers and strings change nothing', () => {
  const one = '{"b":[1.50,{"y":1e2,"x":"\\u00e9"},-0],"a":{"10":1,"9":2}}';
  const other = ' { "a" : {"9":2,"10":1.0}, "b" : [ 1.5, {"x":"é", "y":100}, 0 ] } ';
  expect(jsonHash(JSON.parse(one))).toBe(jsonHash(JSON.parse(other)));
});

test('what differs in value differs', () => {
  const texts = [
    '[1,2]',
    '[2,1]',
    '[[1],2]',
    '[1,[2]]',
    '{"a":1}',
    '{"a":"1"}',
    '{"a":null}',
    '{"a":[]}',
    '{"a":{}}',
    '{}',
    '[]',
    '0',
  ];
  texts.push(
    '"0"',
    'null',
    'false',
    'true',
    '{"a":"b","c":"d"}',
    '{"a":"d","c":"b"}',
    '{"b":"a","c":"d"}',
    '[{"a":1},{}]',
    '[{},{"a":1}]',
  );
  texts.push(
    '1970670598291982290',
    '1970670598291982300',
    '{"a":{"b":1},"c":{}}',
    '{"a":{},"c":{"b":1}}',
    '{"rawJSON":"1"}',
    '""',
    '[[]]',
  );
  expect(new Set(texts.map((text) => jsonHash(parseExactly(text)))).size).toBe(texts.length);
});

test('it is the same for the same value only', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
    return Object.fromEntries(entries.reverse());
  };
  const canonical = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    );
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [value, another] = [one, other].map((given) => JSON.parse(JSON.stringify(given)) as unknown);
      expect(jsonHash(reversed(value))).toBe(jsonHash(value));
      expect(jsonHash(value) === jsonHash(another)).toBe(canonical(value) === canonical(another));
    }),
    { numRuns: 1_000 },
  );
});
