import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { keptResult } from './kept-result.js';

describe('a result', () => {
  test.each([{ '\0': 1 }, 'text', 0, false, null, [[]], { $ref: 'a', $id: 1 }])('%j is kept as JSON text', (result) => {
    expect(JSON.parse(keptResult(result))).toEqual(result);
  });

  test('is kept up to the limit, in bytes, and beyond it named with its size', () => {
    const most = limits.resultBytes - 2;
    expect(JSON.parse(keptResult('é'.repeat(most / 2)))).toHaveLength(most / 2);
    expect(JSON.parse(keptResult(`${'é'.repeat(most / 2)}x`))).toEqual({
      result_dropped: `${limits.resultBytes + 1} bytes are more than the ${limits.resultBytes} that are kept`,
    });
  });

  test('that nests too deep for the stack costs nobody else anything', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    expect(JSON.parse(keptResult(deep))).toEqual({ result_dropped: 'it nests deeper than can be read back' });
  });
});
