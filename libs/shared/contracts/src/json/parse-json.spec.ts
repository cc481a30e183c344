import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '../limits.js';
import { jsonDepth, parseJson } from './parse-json.js';

function nesting(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(nesting));
}

describe('the depth of a JSON text', () => {
  test('is that of its value, whatever its strings hold', () => {
    const strings = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a') });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 6 }, strings, fc.constant(null), tie('list'), tie('record')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      record: fc.dictionary(strings, tie('value'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1), (given, indent) => {
        expect(jsonDepth(JSON.stringify(given, null, indent))).toBe(nesting(given));
      }),
      { numRuns: 500 },
    );
  });

  test('may be as large as the limit, and no larger', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(nesting(parseJson(nested(limits.jsonDepth)))).toBe(limits.jsonDepth);
    expect(() => parseJson(nested(limits.jsonDepth + 1))).toThrow('nested deeper than 32 levels');
    expect(() => parseJson(nested(1_000_000))).toThrow('nested deeper than 32 levels');
  });
});
