import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonFaultAt } from './json-fault.js';

describe('where a text stops being JSON', () => {
  test.each([
    ['{"action":NaN}', 10],
    ['[1,2,x]', 5],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['{"a":1,}', 7],
    ['[1 2]', 3],
    ['{"a":tru}', 5],
    ['[01]', 2],
    ['["a\tb"]', 3],
    ['["\\x"]', 2],
    ['[1}', 2],
    ['1 1', 2],
    ['', 0],
    ['{"a":', 5],
  ])('%j: at %d', (text, at) => {
    expect(jsonFaultAt(text)).toBe(at);
  });

  test('nowhere in good JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(jsonFaultAt(text)).toBe(text.length);
      }),
    );
  });

  test('where JSON.parse says, when it says, or at the start of the word it is in', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ minLength: 1, maxLength: 2 }), (json, place, junk) => {
        const cut = place % (json.length + 1);
        const text = json.slice(0, cut) + junk + json.slice(cut);
        let message = '';
        try {
          JSON.parse(text);
        } catch (error) {
          message = (error as Error).message;
        }
        const said = /^(?!No number|Exponent|Unterminated|Bad|Expected double).* position (\d+)/.exec(message)?.[1];
        fc.pre(said !== undefined);
        const at = jsonFaultAt(text);
        expect(text.slice(at, Number(said))).toMatch(/^(|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/);
        expect(at).toBeLessThanOrEqual(Number(said));
      }),
      { numRuns: 300 },
    );
  });
});
