import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isExact, parseExactly } from './inexact-number.js';
import { parseJson } from './parse-json.js';

describe('a number', () => {
  test.each([
    '0',
    '-0',
    '0e999',
    '1.0',
    '100',
    '1e2',
    '0.1',
    '0.10000000000000001',
    '9007199254740992',
    '9007199254740994',
    '1e23',
    '99999999999999991611392',
    '1.7976931348623157e308',
    '5e-324',
    '4.9e-324',
    '2.2250738585072014e-308',
    '-141352970187509.62',
    '-141352970187509.63',
    `1${'0'.repeat(300)}`,
  ])('that a double holds is taken: %s', (literal) => {
    expect(isExact(literal)).toBe(true);
    expect(parseJson(`{"a":${literal}}`)).toEqual({ a: Number(literal) });
  });

  test.each([
    '1970670598291982290',
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '-1e400',
    '1e-400',
    '3e-324',
    '0.1000000000000000000001',
    '123456789012345678901234567890',
    `${'1'.repeat(200)}`,
    '1e99999999999999999999',
  ])('that no double holds is refused with its path: %s', (literal) => {
    expect(() => parseJson(`{"to":[{"id": ${literal} }]}`, 'data')).toThrow(
      expect.objectContaining({
        code: 'NUMBER_INEXACT',
        extras: { errors: [expect.objectContaining({ path: 'data.to[0].id', rule: 'INEXACT', allowed: expect.any(String) })] },
      }),
    );
  });

  test('is taken however a double is written', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 17, max: 30 }), (value, digits) => {
        for (const literal of [JSON.stringify(value), value.toExponential(), value.toPrecision(digits)]) {
          expect(isExact(literal)).toBe(true);
        }
      }),
    );
  });

  test('inside a string is text', () => {
    const text = '{"phone":"1970670598291982290","a\\"1970670598291982290":"x, 1e400"}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
});

describe('a text whose numbers are kept', () => {
  test('is written again as it came', () => {
    const text = '{"a":[1970670598291982290,1e400,-1e-400],"b":"9007199254740993","c":7}';
    expect(JSON.stringify(parseExactly(text))).toBe(text);
    expect(parseJson(text, '', 'keep')).toEqual(JSON.parse(text));
  });
});
